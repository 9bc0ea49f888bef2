package io.stepstream.chaos.check;

import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;

/** The topics of a running cluster. */
public final class ClusterRecording implements Recording {
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
    public LogSource log() {
        return log;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(clients, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
