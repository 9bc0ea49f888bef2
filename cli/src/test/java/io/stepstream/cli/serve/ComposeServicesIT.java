package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.cli.Stepstream;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services of {@code docker-compose.yml} with three brokers, started as plain processes by the very commands and environments that are
 * in the file; only hosts, ports and folders are this machine's. The registry is the development one: a real one takes a minute to start.
 */
class ComposeServicesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** How soon the installation answers after a broker's death; as soon as after an engine's (StandbyIT). */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> BROKERS = List.of("kafka-1", "kafka-2", "kafka-3");
    private static final Map<String, Integer> PORTS = Map.of(
            "kafka-1", 9092,
            "kafka-2", 9092,
            "kafka-3", 9092,
            "orchestrator-1", 7070,
            "orchestrator-2", 7070,
            "gateway-1", 8080,
            "gateway-2", 8080);

    @TempDir
    Path folder;

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private int controllerPort;

    @AfterEach
    void stop() throws Exception {
        for (var part : parts.reversed()) {
            part.close();
        }
        for (var name : List.copyOf(processes.keySet()).reversed()) {
            var process = processes.remove(name);
            if (process != null) {
                process.destroy();
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        http.close();
    }

    @Test
    void theApprovalSceneIsPlayedOnThemAndOutlivesABroker() throws Exception {
        var compose = new ComposeFile(ROOT.resolve("docker-compose.yml"), ROOT.resolve("deploy/three-brokers.env"));
        PORTS.keySet().forEach(service -> ports.put(service, freePort()));
        controllerPort = freePort();
        for (var broker : BROKERS) {
            startBroker(compose, broker);
        }
        var schemas = LocalKafka.start(folder.resolve("schemas"), 0);
        parts.add(schemas);
        var registry = LocalRegistry.start(schemas.bootstrapServers(), 0);
        parts.add(registry);
        var secrets = secrets();

        // As compose does: on failure again, until there are brokers enough for every replica.
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (start(compose, "topics", registry.uri(), secrets).waitFor() != 0) {
            assertThat(System.nanoTime()).as(output("topics")).isLessThan(until);
        }
        assertThat(output("topics"))
                .contains("stepstream.commands")
                .contains("6 partitions, replication 3")
                .contains("everything is as it must be");
        for (var service : List.of("orchestrator-1", "orchestrator-2", "gateway-1", "gateway-2")) {
            start(compose, service, registry.uri(), secrets);
        }
        for (var service : List.of("orchestrator-1", "orchestrator-2", "gateway-1", "gateway-2")) {
            awaitReady(service);
        }
        play(registry.uri(), secrets.key());
    }

    // --- processes ---

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int port(String service) {
        var port = ports.get(service);
        if (port == null) {
            throw new AssertionError("no port of " + service);
        }
        return port;
    }

    /** Kafka's image makes properties of the variables that begin with KAFKA_, formats the storage, and starts the broker. */
    private void startBroker(ComposeFile compose, String broker) throws IOException {
        var properties = new Properties();
        compose.environment(broker).forEach((name, value) -> {
            if (name.startsWith("KAFKA_")) {
                properties.put(name.substring(6).toLowerCase(Locale.ROOT).replace('_', '.'), here(value));
            }
        });
        properties.compute(
                "listeners",
                (_, listeners) -> String.valueOf(listeners)
                        .replace("BROKER://:9092", "BROKER://127.0.0.1:" + port(broker))
                        .replace("CONTROLLER://:9093", "CONTROLLER://127.0.0.1:" + controllerPort));
        properties.put("log.dirs", folder.resolve(broker).toString());
        var file = folder.resolve(broker + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        var cluster = compose.environment(broker).getOrDefault("CLUSTER_ID", "");
        var format = new String[] {"format", "-t", cluster, "-c", file.toString()};
        assertThat(StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream())))
                .isZero();
        launch(broker, "-Xmx300m", Map.of(), "kafka.Kafka", List.of(file.toString()));
    }

    /** What hosts, ports and folders of the containers are on this machine. */
    private String here(String value) {
        var here = value.replace("kafka-1:9093", "127.0.0.1:" + controllerPort);
        for (var service : PORTS.entrySet()) {
            here = here.replace(service.getKey() + ":" + service.getValue(), "127.0.0.1:" + port(service.getKey()));
        }
        return here;
    }

    /** By the script that an operator runs. */
    private Secrets secrets() throws Exception {
        return Secrets.make(ROOT, folder.resolve("secrets"), launcher());
    }

    /** The command line of {@code stepstream}. */
    static String launcher() {
        return java() + " -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path") + " "
                + Stepstream.class.getName();
    }

    private Process start(ComposeFile compose, String service, URI registry, Secrets secrets) throws IOException {
        var environment = new LinkedHashMap<String, String>(secrets.environment());
        compose.environment(service).forEach((name, value) -> environment.put(name, here(value)));
        environment.put("STEPSTREAM_REGISTRY", registry.toString());
        environment.computeIfPresent(
                "STEPSTREAM_STATE_DIR", (_, _) -> folder.resolve(service).toString());
        environment.computeIfPresent("STEPSTREAM_API_HOST", (_, _) -> "127.0.0.1");
        environment.computeIfPresent("STEPSTREAM_API_PORT", (_, _) -> String.valueOf(port(service)));
        environment.computeIfPresent("STEPSTREAM_GATEWAY_HOST", (_, _) -> "127.0.0.1");
        environment.computeIfPresent("STEPSTREAM_GATEWAY_PORT", (_, _) -> String.valueOf(port(service)));
        environment.computeIfPresent("STEPSTREAM_MANAGEMENT_HOST", (_, _) -> "127.0.0.1");
        environment.computeIfPresent("STEPSTREAM_MANAGEMENT_PORT", (_, _) -> "0");
        environment.computeIfPresent(
                "STEPSTREAM_GATEWAY_CREDENTIALS",
                (_, _) -> secrets.credentials().toString());
        return launch(service, "-Xmx256m", environment, Stepstream.class.getName(), compose.command(service));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Process launch(
            String name, String heap, Map<String, String> environment, String main, List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(
                java(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.put(name, process);
        return process;
    }

    private String output(String service) throws IOException {
        return Files.readString(folder.resolve(service + ".log"));
    }

    /** A refused connection or a 503 costs a service nothing: asked again until the answer is 200. */
    private void awaitReady(String service) throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        var health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(service) + "/health/ready"))
                .build();
        while (System.nanoTime() < until) {
            var process = processes.get(service);
            assertThat(process != null && process.isAlive()).as(output(service)).isTrue();
            try {
                if (http.send(health, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError(service + " is not ready: " + output(service));
    }

    // --- the scene ---

    private void play(URI registry, String key) throws Exception {
        var approval = new Approval(here("kafka-1:9092,kafka-2:9092,kafka-3:9092"), registry, key, PATIENCE);
        parts.add(approval);
        var example = ROOT.resolve("examples/approval");
        var execution = approval.start(example, "one", gateway("gateway-1"), gateway("gateway-2"));
        approval.approve(gateway("gateway-1"), approval.token());
        assertThat(approval.end(gateway("gateway-2"), execution)).isEqualTo("SUCCEEDED");

        var outliving = approval.start(example, "two", gateway("gateway-2"), gateway("gateway-1"));
        var token = approval.token();
        kill("kafka-2");
        var killed = System.nanoTime();
        var answered = approval.answer(gateway("gateway-2"), token);
        assertThat(approval.end(gateway("gateway-1"), outliving)).isEqualTo("SUCCEEDED");
        System.out.printf(
                "a broker of three was killed: answered after %d ms, succeeded after %d ms%n",
                answered.toMillis(),
                Duration.ofNanos(System.nanoTime() - killed).toMillis());
        assertThat(answered).isLessThan(ANSWERED_WITHIN);
    }

    private void kill(String service) throws InterruptedException {
        var process = Objects.requireNonNull(processes.remove(service));
        process.destroyForcibly().waitFor();
    }

    private URI gateway(String service) {
        return URI.create("http://127.0.0.1:" + port(service));
    }
}
