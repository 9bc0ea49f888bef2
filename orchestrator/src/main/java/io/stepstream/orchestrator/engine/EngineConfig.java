package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The Kafka Streams configuration of the engine, each setting with its reason. */
public final class EngineConfig {
    /** Names consumer group, transactions, changelogs and state folder. */
    public static final String APPLICATION_ID = "stepstream-engine";

    private EngineConfig() {}

    /** The configuration; {@code overrides} go last, by Kafka's own names and prefixes. */
    public static Properties of(String bootstrapServers, Path stateDir, Map<String, String> overrides) {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // Under load, records share a commit for this long; in a pause the processor asks for one at once.
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        // The clock is looked at once a loop of the stream thread, and a loop without records waits this long; longer
        // once it is idle (EngineClients).
        config.put(StreamsConfig.POLL_MS_CONFIG, 1);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemory.class);
        config.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        putClients(config);
        config.putAll(ClientSettings.of(bootstrapServers, overrides));
        return config;
    }

    private static void putClients(Properties config) {
        // Offsets that are missing are a fault to be repaired by somebody, not to be guessed.
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "none");
        // How long the partitions of a killed instance wait for another one.
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2000);
        // How long the open transaction of a killed instance holds back readers.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5000);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_REQUEST_BYTES);
        // What a commit's steps send to a partition is more than the 16 KiB of the default: fewer batches, less CPU on
        // both sides.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 1 << 16);
        // A transaction that begins while the markers of the last one are being written is asked to try again: they
        // take milliseconds.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 100);
    }
}
