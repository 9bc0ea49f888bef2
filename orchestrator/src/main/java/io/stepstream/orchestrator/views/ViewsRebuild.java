package io.stepstream.orchestrator.views;

import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ViewsGeneration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Rebuilds the read side from the log: has the instances build the next generation beside the one that answers, switches when it has
 * caught up, and drops what the old one was made of. Stopped at any time, it goes on when it is called again.
 */
public final class ViewsRebuild {

    /** There is no event to wait for: how far a group has come is asked for. */
    private static final long ASK_EVERY_MS = 500;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration LEFT_WITHIN = Duration.ofSeconds(60);

    private final ViewsSettings settings;
    private final Duration patience;

    /** @param patience how long the new read side may take to come any further before this gives up */
    public ViewsRebuild(ViewsSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /**
     * Rebuilds; on return the new read side answers.
     *
     * @param left is told how many records the new one has still to read
     * @return the new generation's number
     * @throws TimeoutException if nobody builds it, or it comes no further
     */
    public int run(LongConsumer left) throws InterruptedException, TimeoutException {
        try (var admin = Admin.create(settings.clients());
                var consumer = ViewGenerations.consumer(settings)) {
            var before = ViewGenerations.last(consumer, settings.codec()).orElse(ViewGenerations.first());
            // One that an earlier call has begun is gone on with.
            int next = before.getRunning().stream().max(Integer::compare).orElse(before.getServing());
            if (next <= before.getServing()) {
                next = before.getServing() + 1;
                say(before.getServing(), List.of(before.getServing(), next));
            }
            awaitCaughtUp(admin, next, left);
            say(next, List.of(next));
            drop(admin, before.getServing());
            return next;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka does not do its part of the rebuild: " + e.getCause(), e);
        }
    }

    private void say(int serving, List<Integer> running) throws ExecutionException, InterruptedException {
        var config = new HashMap<>(settings.clients());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            var value = settings.codec().encode(Topics.VIEWS, new ViewsGeneration(serving, running, Instant.now()));
            producer.send(new ProducerRecord<>(
                            Topics.VIEWS, ViewGenerations.KEY.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        }
    }

    private void awaitCaughtUp(Admin admin, int generation, LongConsumer left)
            throws InterruptedException, ExecutionException, TimeoutException {
        var goal = ends(admin);
        var best = Long.MAX_VALUE;
        var since = System.nanoTime();
        while (true) {
            var missing = missing(admin, generation, goal);
            left.accept(missing);
            if (missing == 0) {
                return;
            }
            if (missing < best) {
                best = missing;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos()) {
                throw new TimeoutException(
                        "the new read side lacks " + missing + " records and has come no further for "
                                + patience.toSeconds() + " s: see whether the orchestrators run, then call this again");
            }
            Thread.sleep(ASK_EVERY_MS);
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        var partitions = admin
                .describeTopics(Set.of(Topics.HISTORY, Topics.EXECUTIONS, Topics.KEYS))
                .allTopicNames()
                .get()
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(at -> at, _ -> OffsetSpec.latest()));
        return admin
                .listOffsets(partitions)
                .all()
                .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .entrySet()
                .stream()
                .filter(end -> end.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private static long missing(Admin admin, int generation, Map<TopicPartition, Long> goal)
            throws InterruptedException, ExecutionException {
        var group = ViewsConfig.applicationId(generation);
        Map<TopicPartition, Long> reached = new HashMap<>();
        try {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((at, offset) -> reached.put(at, offset == null ? 0 : offset.offset()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
        return goal.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - reached.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    /** Deletes the group and the internal topics of a generation, once all instances have left it. */
    private static void drop(Admin admin, int generation)
            throws InterruptedException, ExecutionException, TimeoutException {
        var group = ViewsConfig.applicationId(generation);
        var until = System.nanoTime() + LEFT_WITHIN.toNanos();
        while (!isDeleted(admin, group)) {
            if (System.nanoTime() > until) {
                throw new TimeoutException("the new read side answers, but an instance is still in group " + group
                        + " of the old one: see whether it has stopped, then delete the group by hand");
            }
            Thread.sleep(ASK_EVERY_MS);
        }
        var internal = admin.listTopics().names().get().stream()
                .filter(topic -> isInternal(topic, group))
                .toList();
        admin.deleteTopics(internal).all().get();
    }

    private static boolean isDeleted(Admin admin, String group) throws InterruptedException, ExecutionException {
        try {
            admin.deleteConsumerGroups(List.of(group)).all().get();
            return true;
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case GroupIdNotFoundException _ -> true;
                case GroupNotEmptyException _ -> false;
                case null, default -> throw e;
            };
        }
    }

    /** Streams names them by application, store and purpose; another generation's application begins alike. */
    private static boolean isInternal(String topic, String group) {
        return Stream.of(ViewsTopology.HISTORY, ViewsTopology.TASKS, ViewsTopology.EXECUTIONS)
                .anyMatch(store -> topic.equals(group + '-' + store + "-changelog"));
    }
}
