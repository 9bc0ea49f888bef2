package io.stepstream.load.profile;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Measures what steps move, by reading what was appended between two times. */
public final class Profiler implements AutoCloseable {
    /** Topics of which the engine appends nothing, or hardly anything. */
    static final Set<String> READ_ONLY = Set.of(Topics.COMMANDS, Topics.TASK_RESULTS);

    private static final String CHANGELOG = "-changelog";
    private static final int SAMPLED = 2000;
    private static final Set<String> FIXED = Set.of(
            Topics.COMMANDS,
            Topics.TASK_RESULTS,
            Topics.INTERNAL,
            Topics.HISTORY,
            Topics.EXECUTIONS,
            Topics.VERDICTS,
            Topics.DEAD_LETTERS);

    private final String bootstrapServers;
    private final RecordCodec codec;
    private final Admin admin;

    public Profiler(String bootstrapServers, RecordCodec codec) {
        this.bootstrapServers = bootstrapServers;
        this.codec = codec;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Where the topics end now. */
    public Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        var topics = admin.listTopics().names().get().stream()
                .filter(topic -> FIXED.contains(topic)
                        || topic.startsWith(Topics.TASK_REQUESTS_PREFIX)
                        || topic.endsWith(CHANGELOG) && !topic.contains("views"))
                .toList();
        var partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** What was appended between two {@link #ends}. */
    public StepProfile between(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        var flows = to.keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .sorted()
                .map(topic -> flow(topic, from, to))
                .filter(flow -> flow.records() > 0)
                .toList();
        var steps = flows.stream()
                .filter(flow -> flow.topic().equals(Topics.HISTORY))
                .mapToLong(Flow::records)
                .sum();
        return new StepProfile(steps, flows);
    }

    private Flow flow(String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        var partitions = to.keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .filter(partition -> end(to, partition) > from.getOrDefault(partition, 0L))
                .toList();
        var sums = new Sums();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "max.poll.records",
                        "5000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, from.getOrDefault(partition, 0L)));
            var left = new ArrayList<>(partitions);
            while (!left.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    if (record.offset() < end(to, new TopicPartition(topic, record.partition()))) {
                        sums.add(record);
                    }
                }
                left.removeIf(partition -> consumer.position(partition) >= end(to, partition));
            }
        }
        var offsets = partitions.stream()
                .mapToLong(partition -> end(to, partition) - from.getOrDefault(partition, 0L))
                .sum();
        var markers = (double) (offsets - sums.records) / Math.max(1, partitions.size());
        return new Flow(
                topic, sums.records, sums.deletions, markers, sums.keyBytes, sums.valueBytes, samples(topic, sums));
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    private List<byte[]> samples(String topic, Sums sums) {
        if (!topic.equals(Topics.EXECUTIONS)) {
            return sums.closest(value -> true);
        }
        var samples = new ArrayList<>(sums.closest(this::isRunning));
        samples.addAll(sums.closest(value -> !isRunning(value)));
        return samples;
    }

    private boolean isRunning(byte[] status) {
        try {
            return codec.decode(status, ExecutionStatus.class).getStatus().equals("RUNNING");
        } catch (Undecodable e) {
            throw new IllegalStateException("the topic of statuses holds what is none", e);
        }
    }

    private static final class Sums {
        private final List<byte[]> values = new ArrayList<>();
        private long records;
        private long deletions;
        private long keyBytes;
        private long valueBytes;

        void add(ConsumerRecord<byte[], byte[]> record) {
            records++;
            keyBytes += record.key() == null ? 0 : record.key().length;
            if (record.value() == null) {
                deletions++;
            } else {
                valueBytes += record.value().length;
                if (values.size() < SAMPLED) {
                    values.add(record.value());
                }
            }
        }

        /** One value among these whose size is nearest to their mean. */
        List<byte[]> closest(Predicate<byte[]> among) {
            var some = values.stream().filter(among).toList();
            var mean = some.stream().mapToInt(value -> value.length).average().orElse(0);
            return some.stream().min(Comparator.comparingDouble(value -> Math.abs(value.length - mean))).stream()
                    .toList();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
