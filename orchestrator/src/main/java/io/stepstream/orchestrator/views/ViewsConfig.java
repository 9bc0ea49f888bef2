package io.stepstream.orchestrator.views;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** Settings of the read side's Streams application. */
final class ViewsConfig {

    private static final String APPLICATION_ID = "stepstream-views";

    /** Names a generation's consumer group, stores' folder and internal topics. */
    static String applicationId(int generation) {
        return generation == 0 ? APPLICATION_ID : APPLICATION_ID + '-' + generation;
    }

    private ViewsConfig() {}

    static Properties of(ViewsSettings settings, HostInfo self, int generation) {
        var config = new Properties();
        config.putAll(settings.clients());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(generation));
        config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.REUSE_KTABLE_SOURCE_TOPICS);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // A row must be there for queries as soon as its record is applied, and each is written about once anyway.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, ViewMemory.class);
        config.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // Of the restore consumer too: it fills the executions table straight from that transactional topic.
        config.put(consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        config.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        config.put(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        return config;
    }
}
