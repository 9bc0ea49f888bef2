package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.TaskName;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The state machines, activities and task names that exist, read from {@code definitions}. It may be behind: what is not found is looked for
 * up to the topic's end before it is said not to exist.
 */
public final class Definitions implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CATCH_UP = Duration.ofSeconds(4);

    private final Admin admin;
    private final RecordCodec codec;
    private final TopicReader reader;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final TreeMap<String, StateMachineResource> machines = new TreeMap<>();
    private final TreeMap<String, ActivityResource> activities = new TreeMap<>();
    private final Map<String, StateMachineRevision> revisions = new HashMap<>();
    private final Set<String> taskNames = new HashSet<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private volatile boolean ready;

    public Definitions(KafkaClients kafka, Admin admin, RecordCodec codec) {
        this.admin = admin;
        this.codec = codec;
        this.reader = new TopicReader("gateway-definitions", () -> kafka.consumer("earliest"), this::read);
        reader.start();
    }

    /** Whether everything has been read that was there at the start. */
    public boolean isReady() {
        return ready;
    }

    /** The state machine of this ARN; empty if there is none, or it is being deleted. */
    public Optional<StateMachineResource> stateMachine(String arn) throws ApiException {
        return lookUp(() -> Optional.ofNullable(machines.get(arn)).filter(Definitions::isActive));
    }

    /** A state machine that was deleted, but may still have executions that run. */
    Optional<StateMachineResource> deleting(String arn) {
        return locked(() -> Optional.ofNullable(machines.get(arn)).filter(machine -> !isActive(machine)));
    }

    /** One revision of a state machine, deleted or not. */
    public Optional<StateMachineRevision> revision(String arn, String revision) throws ApiException {
        return lookUp(() -> Optional.ofNullable(revisions.get(arn + " " + revision)));
    }

    /** All state machines behind this ARN, in the order of ARNs. */
    public List<StateMachineResource> stateMachinesAfter(String arn) {
        return locked(() -> machines.tailMap(arn, false).values().stream()
                .filter(Definitions::isActive)
                .toList());
    }

    /** The activity of this ARN. */
    public Optional<ActivityResource> activity(String arn) throws ApiException {
        return lookUp(() -> Optional.ofNullable(activities.get(arn)).filter(Definitions::isActive));
    }

    /** Whether an activity of this ARN was deleted, and not created again. */
    boolean isDeletedActivity(String arn) {
        return locked(() -> Optional.ofNullable(activities.get(arn))
                .filter(activity -> !isActive(activity))
                .isPresent());
    }

    /** All activities behind this ARN, in the order of ARNs. */
    public List<ActivityResource> activitiesAfter(String arn) {
        return locked(() -> activities.tailMap(arn, false).values().stream()
                .filter(Definitions::isActive)
                .toList());
    }

    /** Whether the engine sends tasks of this name. */
    boolean isTask(String name) throws ApiException {
        return lookUp(() -> taskNames.contains(name) ? Optional.of(name) : Optional.empty())
                .isPresent();
    }

    /** The task names that have been read so far. */
    Set<String> taskNames() {
        return locked(() -> Set.copyOf(taskNames));
    }

    /** Waits until a resource, which the engine has just changed, can be seen here as that has left it. */
    void awaitSequence(String arn, long sequence) throws ApiException {
        await(() -> sequence(arn) >= sequence);
    }

    /** Waits until everything that was in the topic before this call is here. */
    public void catchUp() throws ApiException {
        var ends = ends();
        await(() ->
                ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue()));
    }

    private long sequence(String arn) {
        var machine = machines.get(arn);
        if (machine != null) {
            return machine.getSequence();
        }
        var activity = activities.get(arn);
        return activity == null ? 0 : activity.getSequence();
    }

    private static boolean isActive(StateMachineResource machine) {
        return machine.getStatus().equals("ACTIVE");
    }

    private static boolean isActive(ActivityResource activity) {
        return activity.getStatus().equals("ACTIVE");
    }

    private <T> Optional<T> lookUp(Supplier<Optional<T>> search) throws ApiException {
        var found = locked(search);
        if (found.isPresent()) {
            return found;
        }
        catchUp();
        return locked(search);
    }

    private <T> T locked(Supplier<T> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    private void await(Supplier<Boolean> condition) throws ApiException {
        var remaining = CATCH_UP.toNanos();
        lock.lock();
        try {
            while (!condition.get()) {
                if (remaining <= 0) {
                    throw new ApiException(
                            ApiError.UNAVAILABLE,
                            "The gateway is behind with reading definitions. Retry with the same key");
                }
                remaining = moved.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway is stopping");
        } finally {
            lock.unlock();
        }
    }

    private Map<TopicPartition, Long> ends() throws ApiException {
        try {
            var topic = Topics.DEFINITIONS;
            var partitions = admin
                    .describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()));
            var ends = admin.listOffsets(
                            partitions.collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
            return ends.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException | KafkaException | TimeoutException e) {
            throw new ApiException(ApiError.UNAVAILABLE, "Kafka could not be reached. Retry with the same key");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway is stopping");
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        var count = KafkaClients.count(consumer.partitionsFor(Topics.DEFINITIONS), Topics.DEFINITIONS);
        var partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(Topics.DEFINITIONS, partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (reader.isOpen()) {
            for (var message : consumer.poll(POLL)) {
                take(message);
            }
            lock.lock();
            try {
                partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
                moved.signalAll();
            } finally {
                lock.unlock();
            }
            ready = ready
                    || ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        if (message.value() == null) {
            return;
        }
        var definition = reader.decoded(codec, message, Definition.class);
        lock.lock();
        try {
            definition.map(Definition::getBody).ifPresent(body -> {
                switch (body) {
                    case StateMachineRevision revision -> {
                        revisions.put(revision.getStateMachineArn() + " " + revision.getRevision(), revision);
                        taskNames.addAll(revision.getTaskNames());
                    }
                    case StateMachineResource machine -> machines.put(machine.getStateMachineArn(), machine);
                    case ActivityResource activity -> activities.put(activity.getActivityArn(), activity);
                    case TaskName task -> taskNames.add(task.getName());
                    default ->
                        throw new IllegalStateException(
                                "a definition is of a state machine, an activity or a task name, not "
                                        + body.getClass());
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
