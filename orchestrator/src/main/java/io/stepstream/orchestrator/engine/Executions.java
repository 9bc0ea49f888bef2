package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.steps.HistoryRecords;
import io.stepstream.orchestrator.steps.Quarantine;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.orchestrator.trace.StepTrace;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.TaskToken;
import io.stepstream.tracing.TraceHeaders;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps executions: reads rows, asks the interpreter, and carries out what it says. It decides nothing itself. */
final class Executions {
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    private final EngineSettings settings;
    private final KeyValueStore<Bytes, byte[]> store;
    private final DataKeys keys;
    private final Definitions definitions;
    private final TaskNameSpreading taskNames;
    private final PausedStateMachines pauses;
    private final LimitedKeys limited;
    private final Effects effects;
    private final Outbox outbox;
    private final DeadLetters deadLetters;
    private final HistoryRecords history = new HistoryRecords();
    private final Supplier<Instant> wallClock;

    Executions(
            EngineSettings settings,
            KeyValueStore<Bytes, byte[]> store,
            DataKeys keys,
            Definitions definitions,
            TaskNameSpreading taskNames,
            PausedStateMachines pauses,
            LimitedKeys limited,
            Effects effects,
            Outbox outbox,
            DeadLetters deadLetters,
            Supplier<Instant> wallClock) {
        this.settings = settings;
        this.store = store;
        this.keys = keys;
        this.definitions = definitions;
        this.taskNames = taskNames;
        this.pauses = pauses;
        this.limited = limited;
        this.effects = effects;
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.wallClock = wallClock;
    }

    /** An execution as it is stored, for one step. */
    record Found(String id, SealableRows stored, ExecutionRows rows) {
        /** Who it is, if it was ever started. */
        Optional<ExecutionIdentity> identity() {
            return rows.execution().map(ExecutionRow::identity);
        }
    }

    /** What is stored of this execution, if anything is. */
    Found find(String id) throws NotYet {
        try {
            var stored = new SealableRows(store, keys, id);
            return new Found(id, stored, new ExecutionRows(stored, id));
        } catch (SealableRows.Locked e) {
            throw e.missing();
        }
    }

    /** Applies a command to an execution; nothing has changed if it throws. */
    void handle(String id, Command command, Origin origin) throws NotYet {
        handle(find(id), command, origin);
    }

    /** The same, to one that has just been found. */
    void handle(Found found, Command command, Origin origin) throws NotYet {
        try {
            apply(found, command, origin);
        } catch (SealableRows.Locked e) {
            throw e.missing();
        }
    }

    private void apply(Found found, Command command, Origin origin) throws NotYet {
        var id = found.id();
        var stored = found.stored();
        var rows = found.rows();
        var identity = rows.execution().map(ExecutionRow::identity).or(() -> starting(command));
        if (identity.isEmpty()) {
            refuseAbsent(id, command, origin);
            return;
        }
        var arn = identity.get().stateMachineArn();
        var revision = identity.get().revision();
        var definition = definitions
                .revision(arn, revision)
                .orElseThrow(() -> new NotYet("revision " + revision + " of " + arn + " in the topic of definitions"));
        if (rows.execution().isEmpty() && settings.sealing().covers(definition.source())) {
            if (!settings.sealing().masterKeys().canSeal()) {
                refuseUnsealable(identity.get(), command, origin);
                return;
            }
            stored.sealUnder(ExecutionKey.generate(id));
        }
        var run = StepRun.first(
                id,
                identity.get(),
                rows,
                command,
                new StepRun.Sender(origin.caller(), origin.link()),
                settings.limits(),
                new StepRun.Marks(pauses.isPaused(arn), limited.isStateMachine(arn)),
                new StepRun.Sent(origin.appended(), origin.bytes(), wallClock.get()));
        carryOut(run, step(run, definition, origin, stored), origin, stored);
    }

    /** A parent waits for its child to start, as a client does for its answer. */
    private void refuseUnsealable(ExecutionIdentity identity, Command command, Origin origin) {
        if (command instanceof Command.StartChild(var _, var _, var parent)) {
            var refused = new ChildReport.Refused(ChildReport.Refusal.SEALING_UNAVAILABLE, identity.stateMachineArn());
            outbox.tell(parent.executionArn(), ChildRecords.report(parent, refused), wallClock.get());
        }
        var reason = "executions of " + identity.stateMachineName()
                + " are sealed, and this engine has no master key: give it the file of master keys"
                + " (stepstream.master.keys) and start again";
        outbox.refused(origin.caller(), identity.arn(), "SEALING_UNAVAILABLE", reason, wallClock.get());
    }

    private static Optional<ExecutionIdentity> starting(Command command) {
        return switch (command) {
            case Command.Start start -> Optional.of(start.identity());
            case Command.StartChild start -> Optional.of(start.identity());
            case Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Heartbeat _,
                    Command.FireTimer _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _,
                    Command.Continue _ -> Optional.empty();
        };
    }

    private void refuseAbsent(String id, Command command, Origin origin) {
        var refusal = switch (command) {
            case Command.CompleteTask _, Command.FailTask _, Command.StartTask _, Command.Heartbeat _ ->
                Verdict.Refusal.TASK_DOES_NOT_EXIST;
            case Command.Stop _, Command.Pause _, Command.Resume _, Command.Redrive _, Command.UpdateMapRun _ ->
                Verdict.Refusal.EXECUTION_DOES_NOT_EXIST;
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.FireTimer _,
                    Command.Continue _ -> null;
        };
        if (refusal != null) {
            outbox.refused(
                    origin.caller(),
                    id,
                    refusal.name(),
                    "there is no such execution, or its retention is over",
                    wallClock.get());
        }
    }

    private Step step(StepRun run, Definitions.Revision definition, Origin origin, SealableRows stored) {
        var inputs = run.inputs(
                definition.machine(),
                ticket -> settings.tokens().sign(new TaskToken(run.id(), ticket, run.binding())),
                new NamesNow(definition));
        try {
            return Interpreter.step(run.rows(), run.command(), inputs);
        } catch (KafkaException | SealableRows.Locked e) {
            // The store's, the keys' or the transaction's failure, not the interpreter's: Streams knows what to do.
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error(
                    "execution {} is quarantined: the interpreter failed at {}",
                    run.identity().arn(),
                    name(run),
                    stored.key().isPresent() ? wordless(e) : e);
            return quarantine(run, origin, e, stored);
        }
    }

    /** Task names as this partition knows them now. */
    private final class NamesNow implements Inputs.TaskNames {
        private final Definitions.Revision definition;

        NamesNow(Definitions.Revision definition) {
            this.definition = definition;
        }

        /** The execution's own revision names its tasks; of others this instance has read, or this partition was told. */
        @Override
        public boolean isRegistered(String name) {
            return definition.taskNames().contains(name)
                    || definitions.isTaskRegistered(name)
                    || taskNames.isKnown(name);
        }

        @Override
        public boolean isLimited(String name) {
            return limited.isTask(name);
        }
    }

    /** The interpreter's bug ends this one execution; what it was asked is kept for us to look at. */
    private Step quarantine(StepRun run, Origin origin, Throwable bug, SealableRows stored) {
        var reason = "the interpreter failed at " + name(run) + " of "
                + run.identity().arn() + ": " + bug;
        var command = origin.delivery()
                .orElseGet(() -> Delivery.of(
                        "timer",
                        0,
                        0,
                        run.now().toEpochMilli(),
                        null,
                        origin.bytes().get(),
                        TraceHeaders.NONE));
        stored.key()
                .ifPresentOrElse(
                        key -> deadLetters.give(command, key, Quarantine.ERROR, reason, run.now()),
                        () -> deadLetters.give(command, run.id(), Quarantine.ERROR, reason, run.now()));
        outbox.refused(origin.caller(), run.identity().arn(), "INTERNAL_ERROR", reason, run.now());
        effects.endTurnsOf(run);
        return Quarantine.step(run, reason);
    }

    /** Where a failure was, without its words, which may quote data that is sealed everywhere else. */
    private static Throwable wordless(Throwable failure) {
        var told = new RuntimeException(failure.getClass().getName());
        told.setStackTrace(failure.getStackTrace());
        return told;
    }

    private static String name(StepRun run) {
        return run.command().getClass().getSimpleName();
    }

    private void carryOut(StepRun run, Step step, Origin origin, SealableRows stored) {
        var came = origin.delivery().map(Delivery::trace).orElse(TraceHeaders.NONE);
        var trace = settings.traces().of(run, step, came, origin.bytes());
        trace.map(StepTrace::execution).ifPresent(outbox::follow);
        if (run.rows().execution().isEmpty() && !step.rows().isEmpty()) {
            stored.key().ifPresent(fresh -> keys.put(fresh, run.now()));
        }
        var chain = run.chain();
        if (HistoryRecords.isRecorded(run.command(), step)) {
            var bytes = outbox.history(run.id(), stored.sealed(history.of(run, step, Interpreter.SEMANTICS)));
            chain = new Chain(chain.step() + 1, Hashes.sha256(bytes), run.now());
        }
        effects.carryOut(run, step, chain.step(), origin, stored, trace);
        // Before the rows are written: they tell when what ends now began.
        trace.ifPresent(settings.traces()::ended);
        if (!step.rows().isEmpty()) {
            run.rows().apply(step.rows(), chain, trace.map(StepTrace::kept).or(run.rows()::trace));
        }
    }
}
