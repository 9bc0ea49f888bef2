package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.DeleteActivity;
import io.stepstream.schemas.avro.RegisterTask;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Activities: named resources whose name is a task name too, which stays registered when they are deleted. */
final class Activities {
    static final String ACTIVE = "ACTIVE";
    private static final String DELETED = "DELETED";

    private final KeyValueStore<Bytes, byte[]> store;
    private final TaskRegistration tasks;
    private final Outbox outbox;
    private final Supplier<Instant> wallClock;

    Activities(KeyValueStore<Bytes, byte[]> store, TaskRegistration tasks, Outbox outbox, Supplier<Instant> wallClock) {
        this.store = store;
        this.tasks = tasks;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    /** Registers a task name whose topic exists; whether that is to be tried again, as it is not known everywhere yet. */
    boolean register(RegisterTask register, Caller caller, String subject, Attempt attempt) {
        var now = wallClock.get();
        var names = List.of(register.getName());
        return switch (tasks.checkEverywhere(register.getName(), subject, caller, attempt, now)) {
            case WAIT -> true;
            case REFUSED -> false;
            case USABLE -> {
                tasks.announce(names, now);
                outbox.accepted(caller, subject, now);
                yield false;
            }
        };
    }

    /** Creates an activity, or finds it there; whether that is to be tried again, as its topic or, somewhere, its name is not known yet. */
    boolean create(CreateActivity create, Caller caller, Attempt attempt) {
        var now = wallClock.get();
        var arn = create.getActivityArn();
        if (!(StatesArn.parse(arn).orElse(null) instanceof StatesArn.Activity activity)
                || !activity.name().equals(create.getName())) {
            outbox.refused(caller, arn, "VALIDATION", "needs the ARN of an activity and its name, not " + arn, now);
            return false;
        }
        var names = List.of(create.getName());
        return switch (tasks.checkEverywhere(create.getName(), arn, caller, attempt, now)) {
            case WAIT -> true;
            case REFUSED -> false;
            case USABLE -> {
                tasks.announce(names, now);
                create(create, caller, now);
                yield false;
            }
        };
    }

    private void create(CreateActivity create, Caller caller, Instant now) {
        var known = find(create.getActivityArn());
        var active = known.filter(Activities::isActive);
        if (active.isPresent()) {
            if (active.get().getConfiguration().equals(create.getConfiguration())) {
                outbox.accepted(caller, active.get(), active.get().getCreatedAt());
            } else {
                var reason = "it exists with another encryption configuration";
                outbox.refused(caller, create.getActivityArn(), "ACTIVITY_ALREADY_EXISTS", reason, now);
            }
            return;
        }
        if (!StateMachineChanges.areFew(create.getTags())) {
            refuse(caller, StateMachineChanges.tooManyTags(create.getActivityArn()), now);
            return;
        }
        var sequence = known.map(ActivityResource::getSequence).orElse(0L) + 1;
        keep(
                new ActivityResource(
                        create.getActivityArn(),
                        create.getName(),
                        ACTIVE,
                        now,
                        create.getConfiguration(),
                        create.getTags(),
                        sequence,
                        caller.getPrincipal(),
                        caller.getAddress()),
                caller,
                now);
    }

    /** Deletes an activity; one that is not there is as good as deleted. */
    void delete(DeleteActivity delete, Caller caller) {
        var now = wallClock.get();
        var known = find(delete.getActivityArn()).filter(Activities::isActive);
        if (known.isEmpty()) {
            outbox.accepted(caller, delete.getActivityArn(), now);
            return;
        }
        change(ActivityResource.newBuilder(known.get()).setStatus(DELETED).setTags(Map.of()), caller, now);
    }

    void changeTags(ChangeTags change, Caller caller) {
        var now = wallClock.get();
        var known = find(change.getResourceArn()).filter(Activities::isActive);
        if (known.isEmpty()) {
            refuse(caller, new Change.Refused(Change.Refusal.RESOURCE_NOT_FOUND, change.getResourceArn()), now);
            return;
        }
        var tags = StateMachineChanges.tagged(known.get().getTags(), change);
        if (tags.isEmpty()) {
            refuse(caller, StateMachineChanges.tooManyTags(change.getResourceArn()), now);
            return;
        }
        change(ActivityResource.newBuilder(known.get()).setTags(tags.get()), caller, now);
    }

    private void change(ActivityResource.Builder changed, Caller caller, Instant now) {
        keep(
                changed.setSequence(changed.getSequence() + 1)
                        .setChangedBy(caller.getPrincipal())
                        .setChangedFrom(caller.getAddress())
                        .build(),
                caller,
                now);
    }

    private void keep(ActivityResource activity, Caller caller, Instant now) {
        store.put(key(activity.getActivityArn()), OtherRows.encode(activity));
        outbox.definition(Definitions.resourceKey(activity.getActivityArn()), new Definition(activity), now);
        outbox.accepted(caller, activity, now);
    }

    private void refuse(Caller caller, Change.Refused refused, Instant now) {
        outbox.refused(caller, refused.reason(), refused.refusal().name(), refused.reason(), now);
    }

    private Optional<ActivityResource> find(String arn) {
        return Optional.ofNullable(store.get(key(arn))).map(OtherRows::activity);
    }

    private static Bytes key(String arn) {
        return RowKeys.resource(Arns.executionId(arn));
    }

    private static boolean isActive(ActivityResource activity) {
        return activity.getStatus().equals(ACTIVE);
    }
}
