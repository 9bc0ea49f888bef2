package io.stepstream.gateway;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Everything there is, in one process: a broker, a registry, an orchestrator and a gateway. */
final class Stack implements AutoCloseable {

    private static final int PARTITIONS = 3;

    final TokenKeys keys = TokenKeys.generate();
    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final Orchestrator orchestrator;
    final Gateway gateway;
    final Api api;

    Stack() throws Exception {
        this(Arns.DEFAULT);
    }

    /** @param arns where resources are said to be */
    Stack(Arns arns) throws Exception {
        var data = Files.createTempDirectory("gateway-it");
        kafka = LocalKafka.start(data.resolve("kafka"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, PARTITIONS, (short) 1);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        orchestrator = Orchestrator.start(orchestratorSettings(data));
        orchestrator.awaitReady(Duration.ofSeconds(60));
        gateway = Gateway.start(new GatewaySettings(
                kafka.bootstrapServers(),
                registry.uri(),
                keys,
                "a secret of the test",
                List.of(orchestrator.api()),
                0,
                "gateway-it",
                Map.of(),
                arns));
        gateway.awaitReady(Duration.ofSeconds(30));
        api = new Api(gateway.uri());
    }

    private OrchestratorSettings orchestratorSettings(Path data) throws IOException {
        return new OrchestratorSettings(
                kafka.bootstrapServers(),
                registry.uri(),
                Files.createDirectories(data.resolve("state")),
                keys,
                "a secret of the test",
                0,
                io.stepstream.asl.execution.Limits.DEFAULT,
                new Sealing(MasterKeys.loadOrCreate(data.resolve("master-keys")), List.of()),
                Map.of());
    }

    /** How many records were ever appended to a topic of ours. */
    long appended(String topic) throws Exception {
        var latest = IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(
                        java.util.stream.Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    @Override
    public void close() {
        gateway.close();
        orchestrator.close();
        registry.close();
        admin.close();
        kafka.close();
    }
}
