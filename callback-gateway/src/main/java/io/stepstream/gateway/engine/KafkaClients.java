package io.stepstream.gateway.engine;

import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the gateway's Kafka clients: bytes in and out, read committed, and every wait short enough for somebody at the other end of HTTP. */
public final class KafkaClients {

    /** With the cluster out of reach a send fails within this: a client is told within 5 s. */
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(4);

    /** What many callers ask at about the same time goes in one request: a request costs the broker more than what is in it. */
    private static final Duration LINGER = Duration.ofMillis(2);

    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(3);

    private final Map<String, Object> common;

    /** @param overrides Kafka client settings, such as those of security; they win over ours */
    public KafkaClients(String bootstrapServers, Map<String, String> overrides) {
        this.common = Map.copyOf(ClientSettings.of(bootstrapServers, overrides));
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                with(Map.of(
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                        ProducerConfig.LINGER_MS_CONFIG, Long.toString(LINGER.toMillis()),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.MAX_REQUEST_BYTES),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(METADATA_TIMEOUT.toMillis()),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(METADATA_TIMEOUT.toMillis()),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(SEND_TIMEOUT.toMillis()))),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A consumer that is assigned partitions by hand and keeps no offsets. */
    KafkaConsumer<byte[], byte[]> consumer(String offsetReset) {
        return new KafkaConsumer<>(
                with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, offsetReset,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A share consumer that takes exactly one record at a time. */
    KafkaShareConsumer<byte[], byte[]> shareConsumer(String group) {
        return new KafkaShareConsumer<>(
                with(Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG, group,
                        ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit",
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    public Admin admin() {
        return Admin.create(with(Map.of(
                "request.timeout.ms", Long.toString(METADATA_TIMEOUT.toMillis()),
                "default.api.timeout.ms", Long.toString(METADATA_TIMEOUT.toMillis()))));
    }

    /** A topic's partitions; fails with the client's exception if the topic is not there. */
    static int count(List<PartitionInfo> partitions, String topic) {
        if (partitions.isEmpty()) {
            throw new IllegalStateException("topic %s does not exist yet".formatted(topic));
        }
        return partitions.size();
    }

    private Map<String, Object> with(Map<String, String> own) {
        var settings = new HashMap<String, Object>(own);
        settings.putAll(common);
        return settings;
    }
}
