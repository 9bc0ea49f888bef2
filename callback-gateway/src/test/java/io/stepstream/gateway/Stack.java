package io.stepstream.gateway;

import io.stepstream.gateway.engine.TaskNamePolicy;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.tracing.TraceSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Everything there is, in one process: a broker, a registry, an orchestrator and a gateway. */
final class Stack implements AutoCloseable {

    private static final int PARTITIONS = 3;

    final TokenKeys keys = TokenKeys.generate();
    final Path data;
    private final Arns arns;
    private LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final TraceSettings traces;
    private final Map<String, String> clients;
    private Orchestrator orchestrator;
    final Gateway gateway;
    final Api api;
    private final List<Gateway> more = new ArrayList<>();

    Stack() throws Exception {
        this(Arns.DEFAULT);
    }

    /** @param arns where resources are said to be */
    Stack(Arns arns) throws Exception {
        this(arns, TraceSettings.OFF, Map.of());
    }

    /** @param traces where spans go */
    Stack(TraceSettings traces) throws Exception {
        this(Arns.DEFAULT, traces, Map.of());
    }

    /** @param clients settings of the orchestrator's Kafka clients */
    Stack(Map<String, String> clients) throws Exception {
        this(Arns.DEFAULT, TraceSettings.OFF, clients);
    }

    private Stack(Arns arns, TraceSettings traces, Map<String, String> clients) throws Exception {
        this.arns = arns;
        this.clients = clients;
        this.traces = traces;
        data = Files.createTempDirectory("gateway-it");
        kafka = LocalKafka.start(data.resolve("kafka"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, PARTITIONS, (short) 1);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        orchestrator = Orchestrator.start(orchestratorSettings(data));
        orchestrator.awaitReady(Duration.ofSeconds(60));
        gateway = gateway(EdgeSettings.LOOPBACK);
        api = new Api(gateway.uri());
    }

    /** Another gateway of the same stack; it is stopped with it. */
    Gateway gateway(EdgeSettings edge) throws Exception {
        return gateway(edge, TaskNamePolicy.REGISTER);
    }

    /** The same with a policy for the task names of definitions. */
    Gateway gateway(EdgeSettings edge, TaskNamePolicy taskNames) throws Exception {
        var started = Gateway.start(new GatewaySettings(
                kafka.bootstrapServers(),
                registry.uri(),
                keys,
                "a secret of the test",
                List.of(orchestrator.api()),
                0,
                "gateway-it-" + more.size(),
                Map.of(),
                arns,
                edge,
                taskNames,
                traces));
        more.add(started);
        started.awaitReady(Duration.ofSeconds(30));
        return started;
    }

    /** Stops the broker; its data stays. */
    void stopKafka() {
        kafka.close();
    }

    /** Starts it again, where it was. */
    void startKafka() {
        var place = kafka.bootstrapServers();
        kafka = LocalKafka.start(data.resolve("kafka"), Integer.parseInt(place.substring(place.indexOf(':') + 1)));
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
                        clients)
                .with(traces);
    }

    /** Stops the orchestrator and starts another one: gateways go on asking the first for what they read, in vain. */
    void restartOrchestrator() throws Exception {
        orchestrator.close();
        orchestrator = Orchestrator.start(orchestratorSettings(data));
        orchestrator.awaitReady(Duration.ofSeconds(60));
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    URI registry() {
        return registry.uri();
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

    /** Who sent the commands of an execution's history, in their order. */
    List<Caller> callers(String executionId) {
        var codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
        var partition = new TopicPartition(Topics.HISTORY, Topics.partitionOf(executionId, PARTITIONS));
        var callers = new ArrayList<Caller>();
        var settings = Map.<String, Object>of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (var message : consumer.poll(Duration.ofMillis(200))) {
                    if (message.key().equals(executionId)) {
                        callers.add(codec.decode(message.value(), HistoryRecord.class)
                                .getCaller());
                    }
                }
            }
        } catch (Undecodable e) {
            throw new AssertionError(e);
        }
        return callers;
    }

    @Override
    public void close() {
        more.forEach(Gateway::close);
        orchestrator.close();
        registry.close();
        admin.close();
        kafka.close();
    }
}
