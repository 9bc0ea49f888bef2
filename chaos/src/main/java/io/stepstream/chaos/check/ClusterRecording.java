package io.stepstream.chaos.check;

import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;

/** The topics of a running cluster. */
public final class ClusterRecording implements Recording {
    private static final Set<String> INPUTS = Set.of(Topics.COMMANDS, Topics.TASK_RESULTS, Topics.INTERNAL);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Map<String, Object> clients;
    private final LogSource log;

    public ClusterRecording(String bootstrapServers, SchemaRegistry schemas) {
        clients = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        log = new ClusterLog(new HashMap<>(clients), schemas);
    }

    @Override
    public List<String> topics() {
        try (var consumer = consumer()) {
            return consumer.listTopics().keySet().stream()
                    .filter(topic -> topic.startsWith("stepstream."))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public int partitions() {
        try (var consumer = consumer()) {
            return consumer.partitionsFor(Topics.COMMANDS).size();
        }
    }

    @Override
    public void read(String topic, Consumer<LogRecord> each) {
        try (var consumer = consumer()) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var silent = Duration.ZERO;
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                var records = consumer.poll(POLL);
                silent = records.isEmpty() ? silent.plus(POLL) : Duration.ZERO;
                if (silent.compareTo(SILENCE) > 0) {
                    throw new IllegalStateException(topic + " gave nothing for " + SILENCE.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    each.accept(new LogRecord(
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            Optional.ofNullable(record.key()).map(Bytes::wrap),
                            Optional.ofNullable(record.value()).map(Bytes::wrap),
                            List.of()));
                }
            }
        }
    }

    @Override
    public Moment moment() {
        try (var admin = Admin.create(clients);
                var consumer = consumer()) {
            var partitions = topics().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            var ends = ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
            var readable = ends(admin, partitions, IsolationLevel.READ_COMMITTED);
            var open = partitions.stream()
                    .filter(at -> readable.getOrDefault(at, 0L) < ends.getOrDefault(at, 0L))
                    .count();
            var places = ends.entrySet().stream()
                    .map(end -> new Place(end.getKey().topic(), end.getKey().partition(), end.getValue()))
                    .collect(Collectors.toSet());
            return new Moment(Instant.now(), places, unread(admin, consumer, readable), (int) open);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not say how far the topics are: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were looked at", e);
        }
    }

    private static Map<TopicPartition, Long> ends(
            Admin admin, List<TopicPartition> partitions, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        var asked = partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
        return admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, found -> found.getValue().offset()));
    }

    /** Counted, not told by offsets: the last that lies in a partition may be marks of transactions, which nobody reads. */
    private static long unread(Admin admin, KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> readable)
            throws ExecutionException, InterruptedException {
        var read = admin.listConsumerGroupOffsets(EngineConfig.APPLICATION_ID)
                .partitionsToOffsetAndMetadata()
                .get();
        var behind = readable.entrySet().stream()
                .filter(end -> INPUTS.contains(end.getKey().topic()) && from(read, end.getKey()) < end.getValue())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        consumer.assign(behind.keySet());
        behind.keySet().forEach(at -> consumer.seek(at, from(read, at)));
        var unread = 0L;
        var until = System.nanoTime() + SILENCE.toNanos();
        while (behind.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "what is unread of " + behind + " was not there for " + SILENCE.toSeconds() + " s");
            }
            unread += consumer.poll(POLL).count();
        }
        return unread;
    }

    private static long from(Map<TopicPartition, OffsetAndMetadata> read, TopicPartition partition) {
        return Optional.ofNullable(read.get(partition))
                .map(OffsetAndMetadata::offset)
                .orElse(0L);
    }

    @Override
    public LogSource log() {
        return log;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(clients, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
