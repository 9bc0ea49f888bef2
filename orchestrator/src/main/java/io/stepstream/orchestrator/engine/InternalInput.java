package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.CancelChildExecution;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.EndTurnsOfExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitAnnounced;
import io.stepstream.schemas.avro.RedriveChildExecution;
import io.stepstream.schemas.avro.StartChildExecution;
import io.stepstream.schemas.avro.StateMachinePaused;
import io.stepstream.schemas.avro.StateMachineResumed;
import io.stepstream.schemas.avro.TaskNameAnnounced;
import io.stepstream.schemas.avro.TaskNameKnown;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** The topic of what the engine tells itself; nobody else may write to it. */
final class InternalInput {
    private final RecordCodec codec;
    private final Definitions definitions;
    private final Executions executions;
    private final TaskNameSpreading taskNames;
    private final PausedStateMachines pauses;
    private final LimitedKeys limited;
    private final LimitHomes homes;
    private final Postponed postponed;
    private final Outbox outbox;
    private final DeadLetters deadLetters;
    private final Supplier<Instant> wallClock;

    InternalInput(
            RecordCodec codec,
            Definitions definitions,
            Executions executions,
            TaskNameSpreading taskNames,
            PausedStateMachines pauses,
            LimitedKeys limited,
            LimitHomes homes,
            Postponed postponed,
            Outbox outbox,
            DeadLetters deadLetters,
            Supplier<Instant> wallClock) {
        this.codec = codec;
        this.definitions = definitions;
        this.executions = executions;
        this.taskNames = taskNames;
        this.pauses = pauses;
        this.limited = limited;
        this.homes = homes;
        this.postponed = postponed;
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.wallClock = wallClock;
    }

    void accept(Delivery delivery) throws NotYet {
        accept(delivery, Attempt.first(wallClock.get()));
    }

    /** Handles a record that was postponed. */
    void accept(Delivery delivery, Attempt attempt) throws NotYet {
        Internal internal;
        try {
            internal = codec.decode(delivery.value().get(), Internal.class);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of an internal record: " + e.getMessage(), e);
        } catch (Undecodable e) {
            deadLetters.give(delivery, "MalformedInternal", String.valueOf(e.getMessage()), wallClock.get());
            return;
        }
        switch (internal.getBody()) {
            case ContinueExecution goOn -> handle(delivery, new Command.Continue(goOn.getTicket()));
            case StartChildExecution start -> start(delivery, start, attempt);
            case StateMachinePaused paused -> pauses.paused(paused.getStateMachineArn(), paused.getSequence());
            case StateMachineResumed resumed ->
                pauses.resumed(resumed.getStateMachineArn(), resumed.getSequence(), wallClock.get());
            case TaskNameAnnounced news -> taskNames.announced(news, wallClock.get());
            case TaskNameKnown answer -> taskNames.known(answer, wallClock.get());
            case LimitAnnounced news -> limited.announced(news);
            case AskForTurn asked -> homes.asked(asked, wallClock.get());
            case EndTurn ended -> homes.ended(ended, wallClock.get());
            case EndTurnsOfExecution ended -> homes.endedAll(ended.getExecutionId(), wallClock.get());
            case CancelChildExecution cancel ->
                handle(delivery, new Command.CancelChild(cancel.getParentArn(), cancel.getTicket()));
            case RedriveChildExecution redrive -> redrive(delivery, redrive);
            case ChildReported reported -> handle(delivery, ChildRecords.command(reported, delivery.appended()));
            default -> throw new IllegalStateException("an internal record of an unknown kind: " + internal);
        }
    }

    /** Lets a child go on; one that is not there, because its start was postponed or it was purged, cannot. */
    private void redrive(Delivery delivery, RedriveChildExecution redrive) throws NotYet {
        var parent = ChildRecords.parent(redrive.getParent());
        var found = executions.find(delivery.keyText());
        if (found.identity().isPresent()) {
            handle(found, delivery, new Command.Redrive(Optional.of(parent)));
            return;
        }
        var refused = new ChildReport.Refused(ChildReport.Refusal.EXECUTION_NOT_REDRIVABLE, redrive.getExecutionArn());
        outbox.tell(parent.executionArn(), ChildRecords.report(parent, refused), wallClock.get());
    }

    private void handle(Delivery delivery, Command command) throws NotYet {
        handle(executions.find(delivery.keyText()), delivery, command);
    }

    private void handle(Executions.Found found, Delivery delivery, Command command) throws NotYet {
        executions.handle(found, command, Origin.of(delivery, Origin.engine()));
    }

    /** Starts a child, once its definition is here; when that has not come for long, its parent is told that there is none. */
    private void start(Delivery delivery, StartChildExecution start, Attempt attempt) throws NotYet {
        var parent = ChildRecords.parent(start.getParent());
        var found = executions.find(delivery.keyText());
        var identity = found.identity();
        if (identity.isEmpty()) {
            var revision = start.getRevision();
            var definition = revision == null
                    ? definitions.current(start.getStateMachineArn())
                    : definitions.revision(start.getStateMachineArn(), revision);
            identity = definition.map(named -> named.identity(start.getExecutionArn(), start.getName()));
        }
        if (identity.isPresent()) {
            var input = ChildRecords.document(start.getInput()).orElseThrow();
            handle(found, delivery, new Command.StartChild(identity.get(), input, parent));
        } else if (attempt.isLast(wallClock.get())) {
            var refused = new ChildReport.Refused(
                    ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, start.getStateMachineArn());
            outbox.tell(parent.executionArn(), ChildRecords.report(parent, refused), wallClock.get());
        } else {
            postponed.add(delivery, delivery.keyText(), attempt);
        }
    }
}
