package io.stepstream.orchestrator.engine;

import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.DeleteAlias;
import io.stepstream.schemas.avro.DeleteStateMachine;
import io.stepstream.schemas.avro.DeleteVersion;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.PublishVersion;
import io.stepstream.schemas.avro.PutAlias;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StateMachinePaused;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineResumed;
import io.stepstream.schemas.avro.UpdateStateMachine;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** State machines: the row is the truth, the topic of definitions tells everybody. */
final class Resources {
    static final String ACTIVE = "ACTIVE";
    static final String DELETING = "DELETING";

    private final KeyValueStore<Bytes, byte[]> store;
    private final Definitions definitions;
    private final TaskRegistration tasks;
    private final Outbox outbox;
    private final LimitHomes limits;
    private final int partitions;
    private final Supplier<Instant> wallClock;

    Resources(
            KeyValueStore<Bytes, byte[]> store,
            Definitions definitions,
            TaskRegistration tasks,
            Outbox outbox,
            LimitHomes limits,
            int partitions,
            Supplier<Instant> wallClock) {
        this.store = store;
        this.definitions = definitions;
        this.tasks = tasks;
        this.outbox = outbox;
        this.limits = limits;
        this.partitions = partitions;
        this.wallClock = wallClock;
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
        var known = find(arn);
        var existing = known.filter(Resources::isActive);
        if (existing.isPresent()) {
            answerExisting(existing.get(), create, caller, now);
            return false;
        }
        if (!StateMachineChanges.areFew(create.getTags())) {
            refuse(caller, arn, StateMachineChanges.tooManyTags(arn), now);
            return false;
        }
        return checked(create.getDefinition(), type.get(), arn, caller, attempt, now, names -> {
            var draft = new Draft(
                    arn, type.get(), create.getDefinition(), create.getRoleArn(), create.getConfiguration(), names);
            var machine = draft.first(create, known, now);
            var made = create.getPublish()
                    ? StateMachineChanges.publish(machine, create.getVersionDescription(), now)
                    : new Change.Accepted(machine, Optional.empty());
            announceRevision(draft, machine, caller, now);
            settle(made, machine, caller, now, changed -> now);
        });
    }

    /** AWS looks at neither role nor tags to tell whether a state machine is there just so. */
    private void answerExisting(StateMachineResource existing, CreateStateMachine create, Caller caller, Instant now) {
        var version = StateMachineChanges.version(existing);
        if (existing.getDefinitionHash().equals(Draft.hash(create.getDefinition()))
                && existing.getType().equals(create.getType())
                && existing.getConfiguration().equals(create.getConfiguration())
                && existing.getSealed() == create.getSealed()
                && (version.isPresent() || !create.getPublish())) {
            outbox.accepted(caller, existing, version.filter(_ -> create.getPublish()), existing.getCreatedAt());
        } else {
            var reason = existing.getStateMachineArn()
                    + " exists with another definition, type, configuration or sealing (revision "
                    + existing.getRevision() + (existing.getSealed() ? ", sealed)" : ", not sealed)");
            outbox.refused(caller, existing.getStateMachineArn(), "STATE_MACHINE_ALREADY_EXISTS", reason, now);
        }
    }

    /** Makes another revision current; whether that is to be tried again, as something is not known here yet. */
    boolean update(UpdateStateMachine update, Caller caller, Attempt attempt) throws NotYet {
        var now = wallClock.get();
        var arn = update.getStateMachineArn();
        var known = find(arn).filter(Resources::isActive);
        if (known.isEmpty()) {
            refuseAbsent(caller, arn, now);
            return false;
        }
        var machine = known.get();
        var current = definitions.revision(arn, machine.getRevision());
        if (current.isEmpty()) {
            return true;
        }
        var type = WorkflowType.valueOf(machine.getType());
        var definition = Optional.ofNullable(update.getDefinition())
                .orElse(current.get().source().getDefinition());
        return checked(definition, type, arn, caller, attempt, now, names -> {
            var draft = new Draft(
                    arn,
                    type,
                    definition,
                    Optional.ofNullable(update.getRoleArn()).orElse(machine.getRoleArn()),
                    Configurations.merged(machine.getConfiguration(), update.getConfiguration()),
                    names);
            var next = draft.next(machine);
            var made = update.getPublish()
                    ? StateMachineChanges.publish(next, update.getVersionDescription(), now)
                    : new Change.Accepted(next, Optional.empty());
            if (made instanceof Change.Accepted && next.getSequence() != machine.getSequence()) {
                announceRevision(draft, next, caller, now);
            }
            settle(made, machine, caller, now, changed -> now);
        });
    }

    /** Deletes a state machine; one that is not there is as good as deleted. */
    void delete(DeleteStateMachine delete, Caller caller) {
        var now = wallClock.get();
        var arn = delete.getStateMachineArn();
        var known = find(arn).filter(Resources::isActive);
        if (known.isEmpty()) {
            outbox.accepted(caller, arn, now);
            return;
        }
        outbox.undefine(arn, now);
        settle(StateMachineChanges.delete(known.get()), known.get(), caller, now, changed -> now);
    }

    void publish(PublishVersion publish, Caller caller) {
        change(
                publish.getStateMachineArn(),
                caller,
                (machine, now) -> StateMachineChanges.publish(machine, publish, now),
                changed -> changed.now().getVersions().stream()
                        .filter(version -> changed.version().equals(Optional.of(version.getNumber())))
                        .findFirst()
                        .orElseThrow()
                        .getCreatedAt());
    }

    void deleteVersion(DeleteVersion delete, Caller caller) {
        change(
                delete.getStateMachineArn(),
                caller,
                (machine, now) -> StateMachineChanges.deleteVersion(machine, delete),
                changed -> wallClock.get());
    }

    void putAlias(PutAlias put, Caller caller) {
        change(
                put.getStateMachineArn(),
                caller,
                (machine, now) -> StateMachineChanges.putAlias(machine, put, now),
                changed -> changed.now().getAliases().stream()
                        .filter(alias -> alias.getName().equals(put.getName()))
                        .findFirst()
                        .orElseThrow()
                        .getUpdatedAt());
    }

    void deleteAlias(DeleteAlias delete, Caller caller) {
        change(
                delete.getStateMachineArn(),
                caller,
                (machine, now) -> StateMachineChanges.deleteAlias(machine, delete),
                changed -> wallClock.get());
    }

    void changeTags(ChangeTags change, Caller caller) {
        change(
                change.getResourceArn(),
                caller,
                (machine, now) -> StateMachineChanges.changeTags(machine, change),
                changed -> wallClock.get());
    }

    void pause(PauseStateMachine pause, Caller caller) {
        var arn = pause.getStateMachineArn();
        changePause(arn, caller, (machine, now) -> StateMachineChanges.pause(machine, caller.getPrincipal(), now));
    }

    void resume(ResumeStateMachine resume, Caller caller) {
        changePause(resume.getStateMachineArn(), caller, (machine, _) -> StateMachineChanges.resume(machine));
    }

    /** Of a deleted state machine too, whose executions go on; every partition is told, since they are in all of them. */
    private void changePause(String arn, Caller caller, Changing changing) {
        var now = wallClock.get();
        var known = find(arn);
        if (known.isEmpty()) {
            refuseAbsent(caller, arn, now);
            return;
        }
        var change = changing.change(known.get(), now);
        if (change instanceof Change.Accepted(var machine, var _)
                && machine.getSequence() != known.get().getSequence()) {
            var letter = new Internal(
                    machine.getPausedAt() == null
                            ? new StateMachineResumed(arn, machine.getSequence())
                            : new StateMachinePaused(arn, machine.getSequence()));
            for (var partition = 0; partition < partitions; partition++) {
                outbox.tell(arn, partition, letter, now);
            }
        }
        settle(
                change,
                known.get(),
                caller,
                now,
                changed -> Optional.ofNullable(changed.now().getPausedAt()).orElse(now));
    }

    /** Limits how many executions run at once; of a deleted state machine too. Its row is at the limit's home. */
    void limit(LimitStateMachine limit, Caller caller) {
        var now = wallClock.get();
        var arn = limit.getStateMachineArn();
        var known = find(arn);
        if (known.isEmpty()) {
            refuseAbsent(caller, arn, now);
            return;
        }
        var max = Optional.ofNullable(limit.getMaxConcurrentExecutions());
        var change = TaskLimits.wrong(max)
                .or(() -> TaskLimits.full(limits.set(arn, TaskLimits.max(max), now)))
                .<Change>map(refused -> refused)
                .orElseGet(() -> StateMachineChanges.limit(known.get(), max));
        settle(change, known.get(), caller, now, _ -> now);
    }

    @FunctionalInterface
    private interface Changing {
        Change change(StateMachineResource machine, Instant now);
    }

    /** @param at the time that the answer gives */
    private void change(String arn, Caller caller, Changing changing, Function<Change.Accepted, Instant> at) {
        var now = wallClock.get();
        var known = find(arn).filter(Resources::isActive);
        if (known.isEmpty()) {
            refuseAbsent(caller, arn, now);
        } else {
            settle(changing.change(known.get(), now), known.get(), caller, now, at);
        }
    }

    private void settle(
            Change change,
            StateMachineResource before,
            Caller caller,
            Instant now,
            Function<Change.Accepted, Instant> at) {
        switch (change) {
            case Change.Accepted accepted -> {
                var machine = attributed(accepted.now(), caller);
                store.put(key(machine.getStateMachineArn()), OtherRows.encode(machine));
                outbox.definition(Definitions.resourceKey(machine.getStateMachineArn()), new Definition(machine), now);
                outbox.accepted(caller, machine, accepted.version(), at.apply(accepted));
            }
            case Change.Refused refused -> refuse(caller, before.getStateMachineArn(), refused, now);
        }
    }

    /** The state machine with who has made this change, if it is one. */
    private StateMachineResource attributed(StateMachineResource machine, Caller caller) {
        var isChanged = find(machine.getStateMachineArn())
                .filter(before -> before.getSequence() == machine.getSequence())
                .isEmpty();
        return isChanged
                ? StateMachineResource.newBuilder(machine)
                        .setChangedBy(caller.getPrincipal())
                        .setChangedFrom(caller.getAddress())
                        .build()
                : machine;
    }

    private void refuse(Caller caller, String arn, Change.Refused refused, Instant now) {
        var subject = refused.refusal() == Change.Refusal.RESOURCE_NOT_FOUND ? refused.reason() : arn;
        outbox.refused(caller, subject, refused.refusal().name(), refused.reason(), now);
    }

    private void refuseAbsent(Caller caller, String arn, Instant now) {
        var reason = "there is no state machine " + arn;
        outbox.refused(caller, arn, Change.Refusal.STATE_MACHINE_DOES_NOT_EXIST.name(), reason, now);
    }

    /** Goes on with the definition's task names if it is valid and they can be used; whether to try again. */
    private boolean checked(
            String definition,
            WorkflowType type,
            String arn,
            Caller caller,
            Attempt attempt,
            Instant now,
            java.util.function.Consumer<List<String>> goOn) {
        return switch (StateMachine.parse(definition, type)) {
            case Parsed.Invalid(var findings) -> {
                outbox.refused(caller, arn, "INVALID_DEFINITION", text(findings), now);
                yield false;
            }
            case Parsed.Valid valid -> {
                var names = valid.machine().taskNames().stream().sorted().toList();
                yield switch (tasks.check(names, arn, caller, attempt, now)) {
                    case WAIT -> true;
                    case REFUSED -> false;
                    case USABLE -> {
                        tasks.announce(names, now);
                        goOn.accept(names);
                        yield false;
                    }
                };
            }
        };
    }

    private void announceRevision(Draft draft, StateMachineResource machine, Caller caller, Instant now) {
        var source = draft.source(machine, caller, now);
        outbox.definition(Definitions.key(draft.arn(), draft.revision()), new Definition(source), now);
        // Under the bare ARN is what is current: for executions that name their child's machine, and no revision.
        outbox.definition(draft.arn(), new Definition(source), now);
    }

    private Optional<StateMachineResource> find(String arn) {
        return Optional.ofNullable(store.get(key(arn))).map(OtherRows::stateMachine);
    }

    private static Bytes key(String arn) {
        return RowKeys.resource(Arns.executionId(arn));
    }

    private static boolean isActive(StateMachineResource machine) {
        return machine.getStatus().equals(ACTIVE);
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
