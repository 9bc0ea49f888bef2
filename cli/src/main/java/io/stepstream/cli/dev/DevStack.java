package io.stepstream.cli.dev;

import io.stepstream.asl.execution.Limits;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.gateway.Gateway;
import io.stepstream.gateway.GatewaySettings;
import io.stepstream.integrations.ends.EndForwarder;
import io.stepstream.integrations.ends.EndSettings;
import io.stepstream.integrations.http.HttpProcess;
import io.stepstream.integrations.http.HttpWorkers;
import io.stepstream.integrations.items.ItemSettings;
import io.stepstream.integrations.items.ItemWorkers;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.publish.PublishProcess;
import io.stepstream.integrations.publish.PublishWorkers;
import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.integrations.trigger.TriggerProcess;
import io.stepstream.integrations.trigger.Triggers;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalKafkaFailed;
import io.stepstream.local.LocalRegistry;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.tracing.TraceSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole Stepstream in this JVM, on loopback: a real Kafka, a schema registry, an orchestrator and a gateway. Whatever it is told
 * outlives it in its data folder.
 */
public final class DevStack implements AutoCloseable {

    /** A development machine has few cores, and every partition costs a stream task and its stores. */
    private static final int PARTITIONS = 2;

    private static final String TOKEN_SECRETS = "STEPSTREAM_TOKEN_SECRETS";

    /** Not for people, who stop what is slow: for the builds of images, on machines that do much else. */
    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(DevStack.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private final DataFolder folder;
    private final String bootstrapServers;
    private final URI registry;
    private final URI gateway;
    private final EdgeSettings edge;
    private Map<String, Path> buckets = Map.of();

    private record Part(String name, AutoCloseable closeable) {}

    private DevStack(DataFolder folder, DevPorts ports, Arns arns, EdgeSettings edgeSettings, Phases phases)
            throws Exception {
        this.folder = folder;
        this.edge = edgeSettings;
        try {
            started("data folder", folder);
            ports.requireFree();
            LocalKafka kafka = phases.time("kafka", () -> LocalKafka.start(folder.kafka(), ports.kafka()));
            started("kafka", kafka);
            bootstrapServers = kafka.bootstrapServers();
            CompletableFuture<Void> topics = inBackground(phases, "topics", () -> createTopics(bootstrapServers));
            LocalRegistry schemas =
                    phases.time("registry", () -> LocalRegistry.start(bootstrapServers, ports.registry()));
            started("registry", schemas);
            registry = schemas.uri();
            topics.get();
            TokenKeys keys = tokenKeys(folder);
            var sealing = new Sealing(MasterKeys.loadOrCreate(folder.masterKeys()), List.of());
            String secret = folder.apiSecret();
            Orchestrator orchestrator =
                    phases.time("orchestrator", () -> Orchestrator.start(orchestratorSettings(keys, sealing, secret)));
            started("orchestrator", orchestrator);
            CompletableFuture<Void> ready =
                    inBackground(phases, "orchestrator ready", () -> orchestrator.awaitReady(LONGEST_START));
            Gateway door = phases.time(
                    "gateway",
                    () -> Gateway.start(gatewaySettings(keys, secret, orchestrator.api(), ports.http(), arns)));
            started("gateway", door);
            gateway = door.uri();
            phases.time("gateway ready", () -> {
                door.awaitReady(LONGEST_START);
                return door;
            });
            ready.get();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Starts everything on a folder, which it closes when it stops; on return it answers. */
    public static DevStack start(DataFolder folder, DevPorts ports, Phases phases) {
        return start(folder, ports, Arns.DEFAULT, EdgeSettings.LOOPBACK, phases);
    }

    /**
     * The same, otherwise seen from outside.
     *
     * @param arns where resources are said to be
     * @param edge how the gateway meets the network
     */
    public static DevStack start(DataFolder folder, DevPorts ports, Arns arns, EdgeSettings edge, Phases phases) {
        try {
            return new DevStack(folder, ports, arns, edge, phases);
        } catch (Trouble e) {
            throw e;
        } catch (LocalKafkaFailed e) {
            throw new Trouble(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            throw cannotStart(folder, e.getCause() == null ? e : e.getCause());
        } catch (Exception e) {
            throw cannotStart(folder, e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The schema registry's Confluent API. */
    public URI registry() {
        return registry;
    }

    /** Where callbacks, pages and both APIs are. */
    public URI gateway() {
        return gateway;
    }

    /**
     * Has distributed Maps read items from these buckets, and write results into them, until the stack is closed.
     *
     * @throws Trouble if a folder cannot be read
     */
    public void serveItems(BucketSettings settings) {
        try {
            started("item workers", ItemWorkers.start(ItemSettings.of(bootstrapServers, registry, settings)));
            buckets = settings.directories();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new Trouble("the item workers cannot start: " + e.getMessage(), e);
        }
    }

    /**
     * Runs the other built-in workers too, until the stack is closed: the HTTP worker and the ends always, messages and triggers if their
     * settings are given. Their addresses are this stack's.
     *
     * @return what is running
     * @throws Trouble if a setting is not acceptable
     */
    public List<String> serveIntegrations(Properties properties, Map<String, String> environment) {
        var own = new Properties();
        own.putAll(properties);
        own.setProperty("stepstream.bootstrap.servers", bootstrapServers);
        own.setProperty("stepstream.registry", registry.toString());
        own.setProperty("stepstream.trigger.gateway", gateway.toString());
        var running = new ArrayList<String>();
        try {
            var given = new ProcessSettings(own, environment);
            started("ends", EndForwarder.start(new EndSettings(bootstrapServers, registry, given.kafka())));
            running.add("ends");
            started("HTTP worker", HttpWorkers.start(HttpProcess.settings(given)));
            running.add("http");
            if (given.value("publish.topics").isPresent()) {
                started("publisher", PublishWorkers.start(PublishProcess.settings(given)));
                running.add("publish");
            }
            if (given.value("trigger.file").isPresent()) {
                started("triggers", Triggers.start(TriggerProcess.settings(given)));
                running.add("triggers");
            }
            return running;
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            throw new Trouble("the built-in workers cannot start: " + e.getMessage(), e);
        }
    }

    /** The folders that are buckets, by the buckets' names. */
    public Map<String, Path> buckets() {
        return buckets;
    }

    public DataFolder folder() {
        return folder;
    }

    /** Stops everything in the reverse order of its start. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closeable().close();
            } catch (Exception e) {
                log.warn("{} did not stop cleanly", part.name(), e);
            }
        }
    }

    private <T extends AutoCloseable> T started(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    private OrchestratorSettings orchestratorSettings(TokenKeys keys, Sealing sealing, String secret) {
        return new OrchestratorSettings(
                        bootstrapServers, registry, folder.state(), keys, secret, 0, Limits.DEFAULT, sealing, Map.of())
                .with(TraceSettings.ofProcess());
    }

    private GatewaySettings gatewaySettings(TokenKeys keys, String secret, URI orchestrator, int port, Arns arns) {
        return new GatewaySettings(
                        bootstrapServers,
                        registry,
                        keys,
                        secret,
                        List.of(orchestrator),
                        port,
                        "dev",
                        Map.of(),
                        arns,
                        edge)
                .with(TraceSettings.ofProcess());
    }

    /** Of the environment, as in production, or else of the folder, where they are made on the first start. */
    private static TokenKeys tokenKeys(DataFolder folder) throws IOException {
        String secrets = System.getenv(TOKEN_SECRETS);
        return secrets == null ? TokenKeys.loadOrCreate(folder.tokenKeys()) : TokenKeys.ofText(secrets, TOKEN_SECRETS);
    }

    /** Whether everybody on this machine may do everything. */
    public boolean isOpen() {
        return edge.credentials().isEmpty();
    }

    private static void createTopics(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Topics.create(admin, PARTITIONS, (short) 1);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Phases phases, String name, Work work) {
        var done = new CompletableFuture<Void>();
        Thread.ofPlatform().name("start-" + name).daemon().start(() -> {
            try {
                phases.time(name, () -> {
                    work.run();
                    return true;
                });
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static Trouble cannotStart(DataFolder folder, Throwable cause) {
        return new Trouble(
                "dev mode cannot start: " + cause + "; more is in "
                        + folder.root().resolve("stepstream.log"),
                cause);
    }
}
