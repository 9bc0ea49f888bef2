package io.stepstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.ChildMachine;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.Parent;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogRecord.LogHeader;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.steps.HistoryRecords;
import io.stepstream.orchestrator.steps.RowStore;
import io.stepstream.orchestrator.steps.StatusRecords;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Makes logs as the engine does, by the same steps and codecs, without Kafka: a world of executions in memory whose clock is moved by
 * whoever drives it. Rows of an execution are forgotten when its driver is.
 */
final class Recorder {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final int partitions;
    private final RecordCodec codec;
    private final Sink sink;
    private final TokenKeys keys = TokenKeys.generate();
    private final Map<String, Map<Integer, Long>> offsets = new HashMap<>();
    private final HistoryRecords history = new HistoryRecords();
    private final Limits limits;
    private final Map<String, Machine> machines = new HashMap<>();
    /** Executions that start others, and those that they start. */
    final Map<String, Run> family = new LinkedHashMap<>();

    /** What is on its way from one execution to another, oldest first; between two of them it keeps its order. */
    final List<Letter> letters = new ArrayList<>();

    private Instant now = START;
    long steps;
    /** Whether executions are to begin nothing, by the pause of their state machine. */
    boolean stateMachinePaused;
    /** Whether state machines, and the task names given, are limited. */
    boolean stateMachineLimited;

    Set<String> limitedTasks = Set.of();

    /** Where the records go. */
    @FunctionalInterface
    interface Sink {
        void add(LogTopic topic, LogRecord record);
    }

    Recorder(int partitions, SchemaRegistry registry, Limits limits, Sink sink) {
        this.partitions = partitions;
        this.codec = new RecordCodec(registry);
        this.limits = limits;
        this.sink = sink;
    }

    /** A command of one execution to another. */
    record Letter(String from, String to, Command command) {}

    /** A state machine, deployed. */
    record Machine(ExecutionIdentity identity, StateMachine compiled, Set<String> unregistered) {}

    Machine deploy(String name, String definition, Set<String> unregistered) {
        var compiled = switch (StateMachine.parse(definition)) {
            case Parsed.Valid valid -> valid.machine();
            case Parsed.Invalid invalid -> throw new AssertionError(invalid.findings());
        };
        var arn = Arns.DEFAULT.stateMachine(name);
        var revision = Hashes.revision(definition, "role", "{}");
        var source = new StateMachineRevision(
                arn,
                name,
                "role",
                "STANDARD",
                revision,
                1L,
                definition,
                List.copyOf(compiled.taskNames()),
                now,
                false,
                "{}",
                null,
                "",
                "");
        append(LogTopic.DEFINITIONS, 0, arn + ' ' + revision, new Definition(source));
        var machine = new Machine(new ExecutionIdentity("", "", arn, name, "role", revision), compiled, unregistered);
        machines.put(arn, machine);
        return machine;
    }

    Instant now() {
        return now;
    }

    void advanceTo(Instant later) {
        now = later.isAfter(now) ? later : now;
    }

    Run start(Machine machine, String name, Document input) {
        var template = machine.identity();
        var arn = Arns.DEFAULT.execution(template.stateMachineName(), name);
        var identity = new ExecutionIdentity(
                arn,
                name,
                template.stateMachineArn(),
                template.stateMachineName(),
                template.roleArn(),
                template.revision());
        var run = new Run(machine, identity);
        run.send(new Command.Start(identity, input), Optional.empty());
        return run;
    }

    /** Delivers a letter; a start makes the execution, or is refused for want of its machine. */
    void deliver(Letter letter) {
        letters.remove(letter);
        if (letter.command() instanceof Command.StartChild(var identity, var _, var parent)
                && !family.containsKey(letter.to())) {
            var machine = machines.get(identity.stateMachineArn());
            if (machine == null) {
                letters.add(report(
                        letter.to(),
                        parent,
                        new ChildReport.Refused(
                                ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, identity.stateMachineArn())));
                return;
            }
            family.put(letter.to(), new Run(machine, identity));
        }
        Optional.ofNullable(family.get(letter.to())).ifPresent(run -> run.send(letter.command(), Optional.empty()));
    }

    private Letter report(String from, Parent to, ChildReport report) {
        var item = to.item().map(which -> OptionalInt.of(which.index())).orElseGet(OptionalInt::empty);
        return new Letter(
                from, to.executionArn(), new Command.HearOfChild(to.ticket(), to.binding(), item, report, now));
    }

    private ExecutionIdentity identity(Effect.StartChild start) {
        return switch (start.machine()) {
            case ChildMachine.Current(var arn) -> {
                var deployed = Optional.ofNullable(machines.get(arn)).map(Machine::identity);
                yield new ExecutionIdentity(
                        start.executionArn(),
                        start.name(),
                        arn,
                        arn.substring(arn.lastIndexOf(':') + 1),
                        "role",
                        deployed.map(ExecutionIdentity::revision).orElse(""));
            }
            case ChildMachine.SameAsParent(var arn, var name, var role, var revision) ->
                new ExecutionIdentity(start.executionArn(), start.name(), arn, name, role, revision);
        };
    }

    /** One execution, and what the world knows of it. */
    final class Run implements RowStore {
        private final Machine machine;
        private final ExecutionIdentity identity;
        private final String id;
        private final Map<Bytes, byte[]> rows = new HashMap<>();
        final NavigableMap<Long, Effect.RequestTask> open = new TreeMap<>();
        final Map<Long, String> bindings = new HashMap<>();
        final Map<Long, Instant> timers = new TreeMap<>();
        /** Map runs by their tickets. */
        final Map<Long, String> mapRuns = new TreeMap<>();

        Optional<Long> continuing = Optional.empty();
        Optional<Long> awaitingResume = Optional.empty();
        Optional<Long> turn = Optional.empty();
        boolean ended;

        Run(Machine machine, ExecutionIdentity identity) {
            this.machine = machine;
            this.identity = identity;
            this.id = Arns.executionId(identity.arn());
        }

        @Override
        public byte @Nullable [] get(Bytes key) {
            return rows.get(key);
        }

        @Override
        public void put(Bytes key, byte[] row) {
            rows.put(key, row);
        }

        @Override
        public void delete(Bytes key) {
            rows.remove(key);
        }

        void complete(long ticket, Document output) {
            send(new Command.CompleteTask(ticket, bindings.getOrDefault(ticket, ""), output, now), Optional.empty());
        }

        /** A command from somebody. */
        void send(Command command, Optional<String> requestId) {
            var caller = Caller.newBuilder()
                    .setPrincipal("somebody")
                    .setChannel("http")
                    .setAddress("192.0.2.1")
                    .setRequestId(requestId.orElse(null))
                    .build();
            send(command, new StepRun.Sender(caller, Optional.empty()));
        }

        /** As the engine's shell: makes the step, records it if it is to be recorded, applies it. */
        void send(Command command, StepRun.Sender sender) {
            if (command instanceof Command.Continue(var ticket) && continuing.equals(Optional.of(ticket))) {
                continuing = Optional.empty();
            }
            var executionRows = new ExecutionRows(this, id);
            var run = StepRun.first(
                    id,
                    identity,
                    executionRows,
                    command,
                    sender,
                    limits,
                    new StepRun.Marks(stateMachinePaused, stateMachineLimited),
                    new StepRun.Sent(now, Bytes.wrap(command.toString().getBytes(UTF_8)), now));
            var inputs = run.inputs(
                    machine.compiled(),
                    ticket -> keys.sign(new TaskToken(id, ticket, run.binding())),
                    new Inputs.TaskNames() {
                        @Override
                        public boolean isRegistered(String name) {
                            return !machine.unregistered().contains(name);
                        }

                        @Override
                        public boolean isLimited(String name) {
                            return limitedTasks.contains(name);
                        }
                    });
            var step = Interpreter.step(executionRows, command, inputs);
            var chain = executionRows.chain();
            if (HistoryRecords.isRecorded(command, step)) {
                var bytes = append(LogTopic.HISTORY, partition(), id, history.of(run, step, Interpreter.SEMANTICS));
                chain = new Chain(chain.step() + 1, Hashes.sha256(bytes), run.now());
                steps++;
            }
            StatusRecords.of(run, step, chain.step())
                    .ifPresent(status -> append(LogTopic.EXECUTIONS, partition(), id, status));
            if (!step.rows().isEmpty()) {
                executionRows.apply(step.rows(), chain);
            }
            step.effects().forEach(effect -> notice(effect, run.binding()));
        }

        private void notice(Effect effect, String binding) {
            switch (effect) {
                case Effect.RequestTask task -> {
                    open.put(task.ticket(), task);
                    bindings.put(task.ticket(), binding);
                }
                case Effect.EndTask(var ticket, var _) -> open.remove(ticket);
                case Effect.StartTimer(var ticket, var due, var _) -> timers.put(ticket, due);
                case Effect.CancelTimer(var ticket, var due) -> timers.remove(ticket, due);
                case Effect.Continue(var ticket) -> continuing = Optional.of(ticket);
                case Effect.AwaitResume(var ticket) -> awaitingResume = Optional.of(ticket);
                case Effect.AwaitTurn(var ticket) -> turn = Optional.of(ticket);
                case Effect.ReleaseTurn _ -> turn = Optional.empty();
                case Effect.Close _ -> {
                    ended = true;
                    timers.clear();
                    continuing = Optional.empty();
                }
                case Effect.RecordHistory(var event) -> ended &= event.type() != HistoryEventType.EXECUTION_REDRIVEN;
                case Effect.StartChild start -> {
                    family.put(identity.arn(), this);
                    start.parent()
                            .item()
                            .ifPresent(item -> mapRuns.put(start.parent().ticket(), item.runArn()));
                    letters.add(new Letter(
                            identity.arn(),
                            start.executionArn(),
                            new Command.StartChild(Recorder.this.identity(start), start.input(), start.parent())));
                }
                case Effect.CancelChild(var arn, var ticket) ->
                    letters.add(new Letter(identity.arn(), arn, new Command.CancelChild(identity.arn(), ticket)));
                case Effect.RedriveChild(var arn, var parent) ->
                    letters.add(new Letter(identity.arn(), arn, new Command.Redrive(Optional.of(parent))));
                case Effect.TellParent(var parent, var report) -> letters.add(report(identity.arn(), parent, report));
                case Effect.Answer _, Effect.ReleaseTask _ -> {}
            }
        }

        private int partition() {
            return Topics.partitionOf(id, partitions);
        }

        @Override
        public String toString() {
            return identity.arn();
        }
    }

    private byte[] append(LogTopic topic, int partition, String key, SpecificRecord value) {
        var bytes = codec.encode(topic.topic(), value);
        var ofTopic = offsets.computeIfAbsent(topic.topic(), _ -> new HashMap<>());
        var offset = ofTopic.merge(partition, 1L, Long::sum) - 1;
        if (offset % 7 == 6) {
            // A transaction's marker takes an offset of its own.
            offset = ofTopic.merge(partition, 1L, Long::sum) - 1;
        }
        sink.add(
                topic,
                new LogRecord(
                        partition,
                        offset,
                        now.toEpochMilli(),
                        Optional.of(Bytes.wrap(key.getBytes(UTF_8))),
                        Optional.of(Bytes.wrap(bytes)),
                        List.of(new LogHeader(
                                "traceparent", Optional.of(Bytes.wrap("00-0af7-b7ad-01".getBytes(UTF_8)))))));
        return bytes;
    }
}
