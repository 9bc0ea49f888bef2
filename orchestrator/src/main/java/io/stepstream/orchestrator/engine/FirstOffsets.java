package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/**
 * The offsets that a new engine begins at. They are set once, when there are no stores yet; from then on missing offsets mean
 * that somebody has lost them, and beginning anywhere would apply commands twice or never.
 */
public final class FirstOffsets {
    private static final List<String> INPUTS = List.of(Topics.COMMANDS, Topics.TASK_RESULTS, Topics.INTERNAL);

    /** A coordinator that is being loaded may say that there are none (ADR 0062): for so long it is asked again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final Admin admin;
    private final String group;
    private final Duration patience;

    public FirstOffsets(Admin admin, String group) {
        this(admin, group, PATIENCE);
    }

    FirstOffsets(Admin admin, String group, Duration patience) {
        this.admin = admin;
        this.group = group;
        this.patience = patience;
    }

    /**
     * Sets the first offsets if there are none.
     *
     * @throws IllegalStateException if some stay missing although there are stores; the message says how to repair that
     */
    public void ensure() throws ExecutionException, InterruptedException {
        var missing = missing();
        if (!missing.isEmpty() && hasStores()) {
            missing = missingStill();
            if (!missing.isEmpty()) {
                throw lost(missing);
            }
        }
        if (!missing.isEmpty()) {
            begin(missing);
        }
    }

    private Set<TopicPartition> missingStill() throws ExecutionException, InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        var missing = missing();
        while (!missing.isEmpty() && System.nanoTime() < until) {
            Thread.sleep(ASK_AGAIN);
            missing = missing();
        }
        return missing;
    }

    private IllegalStateException lost(Set<TopicPartition> missing) {
        return new IllegalStateException("the group " + group + " has no offsets for " + missing
                + ", but its stores are not empty. If the log of a broker says that the coordinator of "
                + Topic.GROUP_METADATA_TOPIC_NAME
                + " is out of sync with its log, stop that broker in order and start it again. Otherwise set the offsets to where the engine had got"
                + " to (kafka-consumer-groups.sh --group " + group
                + " --reset-offsets --to-datetime <time of the last record in "
                + Topics.HISTORY
                + "> --topic <topic> --execute), and keep offsets.retention.minutes of the brokers above the"
                + " topics' retention");
    }

    private void begin(Set<TopicPartition> missing) throws ExecutionException, InterruptedException {
        var earliest = admin.listOffsets(missing.stream()
                        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.earliest())))
                .all()
                .get();
        var first = new HashMap<TopicPartition, OffsetAndMetadata>();
        earliest.forEach((partition, offset) -> first.put(partition, new OffsetAndMetadata(offset.offset())));
        try {
            admin.alterConsumerGroupOffsets(group, first).all().get();
        } catch (ExecutionException e) {
            // Another instance may have been quicker, and be at work already.
            if (!missing().isEmpty()) {
                throw e;
            }
        }
    }

    private Set<TopicPartition> missing() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return admin.describeTopics(INPUTS).allTopicNames().get().values().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions().size())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .filter(partition -> committed.get(partition) == null)
                .collect(Collectors.toSet());
    }

    private boolean hasStores() throws ExecutionException, InterruptedException {
        var changelog = group + '-' + EngineTopology.ROWS + "-changelog";
        if (!admin.listTopics().names().get().contains(changelog)) {
            return false;
        }
        var partitions = admin.describeTopics(List.of(changelog))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next()
                .partitions();
        var ends = admin.listOffsets(partitions.stream()
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(changelog, partition.partition()),
                                partition -> OffsetSpec.latest())))
                .all()
                .get();
        return ends.values().stream().anyMatch(end -> end.offset() > 0);
    }
}
