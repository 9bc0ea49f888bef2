package io.stepstream.orchestrator.engine;

import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.orchestrator.rows.ResourceRow;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.RegisterTask;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.TaskName;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** State machines and task names: the row is the truth, the topic of definitions tells everybody. */
final class Resources {
    private static final int REVISION_DIGITS = 32;

    private final KeyValueStore<Bytes, byte[]> store;
    private final TaskTopics taskTopics;
    private final Outbox outbox;
    private final Supplier<Instant> wallClock;

    Resources(KeyValueStore<Bytes, byte[]> store, TaskTopics taskTopics, Outbox outbox, Supplier<Instant> wallClock) {
        this.store = store;
        this.taskTopics = taskTopics;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    /** The hash that names a definition's text. */
    static String revision(String definition) {
        return Hashes.sha256(definition).substring(0, REVISION_DIGITS);
    }

    /** Creates a state machine, or finds it there just so; whether that is to be tried again, as task topics are not known yet. */
    boolean create(CreateStateMachine create, Caller caller, Attempt attempt) {
        var now = wallClock.get();
        var arn = create.getStateMachineArn();
        var type = type(create.getType());
        if (!(StatesArn.parse(arn).orElse(null) instanceof StatesArn.StateMachine) || type.isEmpty()) {
            var reason = "needs the ARN of a state machine and a type of STANDARD or EXPRESS, not " + arn + " and "
                    + create.getType();
            outbox.refused(caller, arn, "VALIDATION", reason, now);
            return false;
        }
        var revision = revision(create.getDefinition());
        var key = RowKeys.resource(Arns.executionId(arn));
        var existing = Optional.ofNullable(store.get(key)).map(RowCodec::resource);
        if (existing.isPresent()) {
            answerExisting(existing.get(), revision, create, caller, now);
            return false;
        }
        return switch (StateMachine.parse(create.getDefinition(), type.get())) {
            case Parsed.Invalid(var findings) -> {
                outbox.refused(caller, arn, "INVALID_DEFINITION", text(findings), now);
                yield false;
            }
            case Parsed.Valid valid -> {
                var names = valid.machine().taskNames().stream().sorted().toList();
                if (mustWait(names, arn, caller, attempt, now)) {
                    yield true;
                }
                if (names.stream().allMatch(this::isUsable)) {
                    var row = new ResourceRow(arn, type.get().name(), revision, 1, now, create.getSealed());
                    store.put(key, RowCodec.encode(row));
                    announce(row, create, names, now);
                    outbox.accepted(caller, arn, Optional.of(revision), now);
                }
                yield false;
            }
        };
    }

    /** Registers a task name whose topic exists; whether that is to be tried again. */
    boolean register(RegisterTask register, Caller caller, String subject, Attempt attempt) {
        var now = wallClock.get();
        var names = List.of(register.getName());
        if (mustWait(names, subject, caller, attempt, now)) {
            return true;
        }
        if (names.stream().allMatch(this::isUsable)) {
            announce(register.getName(), now);
            outbox.accepted(caller, subject, Optional.empty(), now);
        }
        return false;
    }

    private void answerExisting(
            ResourceRow existing, String revision, CreateStateMachine create, Caller caller, Instant now) {
        if (existing.revision().equals(revision)
                && existing.type().equals(create.getType())
                && existing.sealed() == create.getSealed()) {
            outbox.accepted(caller, existing.arn(), Optional.of(revision), existing.createdAt());
        } else {
            var reason = existing.arn() + " exists with another definition, type or sealing (revision "
                    + existing.revision() + (existing.sealed() ? ", sealed)" : ", not sealed)");
            outbox.refused(caller, existing.arn(), "STATE_MACHINE_ALREADY_EXISTS", reason, now);
        }
    }

    /** Whether to wait for the topics of these tasks; refuses if there is no use in waiting. */
    private boolean mustWait(List<String> names, String subject, Caller caller, Attempt attempt, Instant now) {
        var illegal = names.stream().filter(name -> !Topics.isTaskName(name)).toList();
        if (!illegal.isEmpty()) {
            var reason =
                    "a task name is 1 to 80 visible characters, without white space, which these are not: " + illegal;
            outbox.refused(caller, subject, "INVALID_DEFINITION", reason, now);
            return false;
        }
        var missing = names.stream().filter(name -> !taskTopics.exists(name)).toList();
        if (missing.isEmpty() || !attempt.isLast(now)) {
            return !missing.isEmpty();
        }
        var reason = "there are no topics for these tasks after 10 s: " + missing + ". Create "
                + missing.stream().map(Topics::taskRequests).collect(Collectors.joining(", "))
                + ", then try again";
        outbox.refused(caller, subject, "TASK_TOPIC_MISSING", reason, now);
        return false;
    }

    private boolean isUsable(String name) {
        return Topics.isTaskName(name) && taskTopics.exists(name);
    }

    private void announce(ResourceRow row, CreateStateMachine create, List<String> taskNames, Instant now) {
        taskNames.forEach(name -> announce(name, now));
        var source = new StateMachineRevision(
                row.arn(),
                create.getName(),
                create.getRoleArn(),
                row.type(),
                row.revision(),
                row.number(),
                create.getDefinition(),
                taskNames,
                row.createdAt(),
                row.sealed());
        outbox.definition(Definitions.key(row.arn(), row.revision()), new Definition(source), now);
        // Under the bare ARN is what is current: for executions that name their child's machine, and no revision.
        outbox.definition(row.arn(), new Definition(source), now);
    }

    private void announce(String taskName, Instant now) {
        outbox.definition(Definitions.taskKey(taskName), new Definition(new TaskName(taskName)), now);
    }

    private static Optional<WorkflowType> type(String name) {
        return Arrays.stream(WorkflowType.values())
                .filter(type -> type.name().equals(name))
                .findFirst();
    }

    private static String text(List<Finding> findings) {
        return findings.stream().map(Finding::toString).collect(Collectors.joining("; "));
    }
}
