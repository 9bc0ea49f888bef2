package io.stepstream.orchestrator.engine;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.RegisterTask;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The topic of commands: what clients ask of the engine. */
final class CommandInput {
    private final RecordCodec codec;
    private final int partitions;
    private final KeyValueStore<Bytes, byte[]> store;
    private final Definitions definitions;
    private final Executions executions;
    private final Resources resources;
    private final Timers timers;
    private final Outbox outbox;
    private final Supplier<Instant> wallClock;

    CommandInput(
            EngineSettings settings,
            KeyValueStore<Bytes, byte[]> store,
            Definitions definitions,
            Executions executions,
            Resources resources,
            Timers timers,
            Outbox outbox,
            Supplier<Instant> wallClock) {
        this.codec = settings.codec();
        this.partitions = settings.partitions();
        this.store = store;
        this.definitions = definitions;
        this.executions = executions;
        this.resources = resources;
        this.timers = timers;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    /** Handles a command from the topic. */
    void accept(Delivery delivery) throws NotYet {
        accept(delivery, Attempt.first(wallClock.get()));
    }

    /** Tries a postponed command again, whose timer has come. */
    void again(TimerKey timer) throws NotYet {
        var key = RowKeys.postponed(timer.id(), timer.ticket());
        var bytes = store.delete(key);
        if (bytes == null) {
            return;
        }
        var kept = RowCodec.kept(bytes);
        try {
            accept(Delivery.of(kept), new Attempt(kept.getAttempts(), kept.getKeptAt()));
        } catch (NotYet missing) {
            store.put(key, bytes);
            throw missing;
        }
    }

    private void accept(Delivery delivery, Attempt attempt) throws NotYet {
        io.stepstream.schemas.avro.Command command;
        try {
            command = codec.decode(delivery.value().get(), io.stepstream.schemas.avro.Command.class);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of a command: " + e.getMessage(), e);
        } catch (Undecodable e) {
            outbox.deadLetter(delivery, "MalformedCommand", String.valueOf(e.getMessage()), wallClock.get());
            return;
        }
        var caller = command.getCaller();
        var subject = subject(command.getBody());
        var key = command.getBody() instanceof StartExecution || command.getBody() instanceof StopExecution
                ? Arns.executionId(subject)
                : subject;
        if (!delivery.keyText().equals(key) || Topics.partitionOf(key, partitions) != delivery.partition()) {
            misrouted(delivery, caller, subject, key);
            return;
        }
        var postponed = switch (command.getBody()) {
            case StartExecution start -> start(delivery, start, caller, attempt);
            case StopExecution stop -> {
                var asked =
                        new Command.Stop(Optional.ofNullable(stop.getError()), Optional.ofNullable(stop.getCause()));
                executions.handle(key, asked, Origin.of(delivery, caller));
                yield false;
            }
            case CreateStateMachine create -> resources.create(create, caller, attempt);
            case RegisterTask register -> resources.register(register, caller, subject, attempt);
            default -> throw new IllegalStateException("a command of an unknown kind: " + command.getBody());
        };
        if (postponed) {
            postpone(delivery, key, attempt);
        }
    }

    private static String subject(Object body) {
        return switch (body) {
            case StartExecution start -> start.getExecutionArn();
            case StopExecution stop -> stop.getExecutionArn();
            case CreateStateMachine create -> create.getStateMachineArn();
            case RegisterTask register -> Arns.DEFAULT.activity(register.getName());
            default -> throw new IllegalStateException("a command of an unknown kind: " + body);
        };
    }

    private void misrouted(Delivery delivery, Caller caller, String subject, String key) {
        var reason = "the command is about " + subject + ", so its key must be " + key + " and its partition "
                + Topics.partitionOf(key, partitions) + "; it came with key " + delivery.keyText() + " in partition "
                + delivery.partition() + ". Use the murmur2 partitioner of Kafka's own producer";
        var now = wallClock.get();
        outbox.deadLetter(delivery, "MisroutedCommand", reason, now);
        outbox.refused(caller, subject, "VALIDATION", reason, now);
    }

    /** Whether it is to be tried again, because the revision is not there yet. */
    private boolean start(Delivery delivery, StartExecution start, Caller caller, Attempt attempt) throws NotYet {
        var id = Arns.executionId(start.getExecutionArn());
        var identity = executions.identity(id);
        if (identity.isEmpty()) {
            identity = definitions
                    .revision(start.getStateMachineArn(), start.getRevision())
                    .map(revision -> identity(start, revision));
        }
        var now = wallClock.get();
        if (identity.isEmpty()) {
            if (attempt.isLast(now)) {
                var reason = "no revision " + start.getRevision() + " of " + start.getStateMachineArn()
                        + " was deployed within 10 s of this start";
                outbox.refused(caller, start.getStateMachineArn(), "STATE_MACHINE_DOES_NOT_EXIST", reason, now);
                return false;
            }
            return true;
        }
        try {
            var input = Document.parse(Payloads.json(start.getInput()));
            executions.handle(id, new Command.Start(identity.get(), input), Origin.of(delivery, caller));
        } catch (MalformedJson e) {
            outbox.deadLetter(delivery, "MalformedInput", "the input is not JSON: " + e.getMessage(), now);
            outbox.refused(
                    caller, start.getExecutionArn(), "INVALID_EXECUTION_INPUT", String.valueOf(e.getMessage()), now);
        }
        return false;
    }

    private static ExecutionIdentity identity(StartExecution start, Definitions.Revision revision) {
        var source = revision.source();
        return new ExecutionIdentity(
                start.getExecutionArn(),
                start.getName(),
                source.getStateMachineArn(),
                source.getName(),
                source.getRoleArn(),
                source.getRevision());
    }

    private void postpone(Delivery delivery, String key, Attempt attempt) {
        var id = key.equals(delivery.keyText()) && key.startsWith("arn:") ? Arns.executionId(key) : key;
        var due = wallClock.get().plus(attempt.delay());
        var next = attempt.next();
        store.put(
                RowKeys.postponed(id, delivery.offset()), RowCodec.encode(delivery.kept(next.since(), next.number())));
        timers.start(new TimerKey(due.toEpochMilli(), id, delivery.offset()), Timers.Kind.POSTPONED);
    }
}
