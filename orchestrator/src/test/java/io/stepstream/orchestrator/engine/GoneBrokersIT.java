package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.local.LocalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brokers whose hosts are gone cost an engine a second or two each. A producer tries brokers one after the other until it has found its
 * transactions' coordinator, and by Kafka's own settings waits 8 to 12 s for each.
 */
class GoneBrokersIT {
    private static final Duration SOON = Duration.ofSeconds(8);

    @Test
    void anEnginesTransactionsBeginSoonWithOneBrokerOfFour(@TempDir Path folder) throws Exception {
        try (var broker = LocalKafka.start(folder.resolve("kafka"), 0);
                var one = new GoneHost();
                var two = new GoneHost();
                var three = new GoneHost()) {
            var servers = String.join(",", one.address(), two.address(), three.address(), broker.bootstrapServers());
            try (var producer = producer(servers, folder)) {
                var asked = Instant.now();
                producer.initTransactions();
                assertThat(Duration.between(asked, Instant.now())).isLessThan(SOON);
            }
        }
    }

    /** As Kafka Streams makes it out of the engine's settings. */
    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, Path folder) {
        var streams = new StreamsConfig(EngineConfig.of(bootstrapServers, folder.resolve("state"), Map.of()));
        var config = new HashMap<>(streams.getProducerConfigs("engine"));
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "engine");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
