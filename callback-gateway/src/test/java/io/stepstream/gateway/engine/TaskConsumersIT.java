package io.stepstream.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.local.LocalKafka;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who takes the requests of a task, on brokers without share groups; with them: {@code TaskNamesIT}. */
class TaskConsumersIT {

    @Test
    void aWorkerOfAClassicGroupIsOneAndWithoutItTheNameIsMissed(@TempDir Path folder) throws Exception {
        try (var kafka = LocalKafka.start(folder, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE);
            admin.updateFeatures(Map.of("share.version", off)).all().get();
            Topics.createTask(admin, "pay", 1, (short) 1);
            var consumers = new TaskConsumers(admin);
            assertThat(consumers.missing(List.of("pay"))).containsExactly("pay");

            Map<String, Object> config =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", Topics.classicWorkerGroup("pay"));
            try (var worker = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                worker.subscribe(List.of(Topics.taskRequests("pay")));
                var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                while (worker.assignment().isEmpty()) {
                    assertThat(System.nanoTime()).isLessThan(until);
                    worker.poll(Duration.ofMillis(100));
                }
                assertThat(consumers.missing(List.of("pay"))).isEmpty();
            }
        }
    }
}
