package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** The stack of {@code docker-compose.yml} in containers, three brokers; the scene's workers and its approver are out here. */
class ApprovalContainerIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final List<String> BROKERS = List.of("kafka-1", "kafka-2", "kafka-3");
    private static final int HTTP = 8080;
    private static final int PROMETHEUS = 9090;
    private static final int OUTSIDE = 19_094;
    private static final int MOST_EXECUTIONS = 10;

    /** Two of Prometheus' intervals. */
    private static final Duration SCRAPES = Duration.ofSeconds(30);

    /** How soon the installation answers after a broker's death; as soon as after an engine's (StandbyIT). */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private final List<AutoCloseable> parts = new ArrayList<>();

    @BeforeEach
    void anEngineOfThisMachineHasTheImages() throws Exception {
        var images = Stream.of("kafka-1", "registry", "orchestrator-1", "proxy", "prometheus")
                .map(compose()::image);
        var hindrance = ContainerEngine.with(images).hindrance();
        assumeTrue(hindrance.isEmpty(), hindrance.orElse(""));
    }

    private static ComposeFile compose() throws Exception {
        return new ComposeFile(ROOT.resolve("docker-compose.yml"), ROOT.resolve("deploy/three-brokers.env"));
    }

    @AfterEach
    void close() throws Exception {
        for (var part : parts.reversed()) {
            part.close();
        }
    }

    @Test
    void anApprovalOutlivesTheKillOfAnOrchestratorAndOfABrokerAndTheDashboardShowsIt() throws Exception {
        var secrets = Secrets.make(ROOT, folder.resolve("secrets"), ComposeServicesIT.launcher());
        var stack = new ComposeContainers(compose(), ROOT, secrets, PATIENCE);
        parts.add(stack);
        var brokers = startBrokers(stack);
        var registry = ComposeContainers.freePort();
        stack.start("registry", Map.of(HTTP, registry), Map.of());
        stack.start("topics");
        Stream.of("orchestrator-1", "orchestrator-2", "gateway-1", "gateway-2")
                .parallel()
                .forEach(service -> isLocked(stack.start(service)));
        var prometheus = ComposeContainers.freePort();
        stack.start("prometheus", Map.of(PROMETHEUS, prometheus), Map.of());
        var proxy = ComposeContainers.freePort();
        stack.start("proxy", Map.of(HTTP, proxy), Map.of());

        var door = URI.create("http://127.0.0.1:" + proxy);
        var approval = new Approval(
                brokers, URI.create("http://127.0.0.1:" + registry + "/apis/ccompat/v7"), secrets.key(), PATIENCE);
        parts.add(approval);
        play(approval, door, "killed", () -> stack.kill("orchestrator-1"));
        assertThat(stack.isRunning("orchestrator-1")).isFalse();
        assertThat(stack.isRunning("orchestrator-2")).isTrue();

        // Of what is counted once only, Prometheus knows no rate.
        var panels = panels(prometheus);
        for (int n = 2; panels.status() != 0; n++) {
            assertThat(n).as(panels.said()).isLessThanOrEqualTo(MOST_EXECUTIONS);
            play(approval, door, "execution-" + n, () -> {});
            panels = panels(prometheus);
        }
        outlivesABroker(stack, approval, door);
    }

    private static void play(Approval approval, URI door, String name, Runnable whileAsked) throws Exception {
        var execution = approval.start(ROOT.resolve("examples/approval"), name, door, door);
        var token = approval.token();
        whileAsked.run();
        approval.approveInTheEnd(door, token);
        assertThat(approval.end(door, execution)).isEqualTo("SUCCEEDED");
    }

    /** Its host and its name are gone with it: connecting to it is not refused, and its address is not known. */
    private static void outlivesABroker(ComposeContainers stack, Approval approval, URI door) throws Exception {
        var execution = approval.start(ROOT.resolve("examples/approval"), "without-a-broker", door, door);
        var token = approval.token();
        stack.kill("kafka-2");
        var killed = System.nanoTime();
        var answered = approval.answer(door, token);
        assertThat(approval.end(door, execution)).isEqualTo("SUCCEEDED");
        System.out.printf(
                "a broker of three was killed: answered after %d ms, succeeded after %d ms%n",
                answered.toMillis(),
                Duration.ofNanos(System.nanoTime() - killed).toMillis());
        assertThat(stack.isRunning("kafka-2")).isFalse();
        assertThat(answered).isLessThan(ANSWERED_WITHIN);
    }

    private record Panels(int status, String said) {}

    /** What the dashboard would show, by the script that an operator runs: status 0 when each panel has something. */
    private static Panels panels(int prometheus) throws Exception {
        var script = new ProcessBuilder(
                        "python3",
                        ROOT.resolve("deploy/panels.py").toString(),
                        "http://127.0.0.1:" + prometheus,
                        String.valueOf(SCRAPES.toSeconds()))
                .redirectErrorStream(true)
                .start();
        var said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Panels(script.waitFor(), said);
    }

    /** The brokers, each with one more listener, for those who are out here; answers where these are. */
    private static String startBrokers(ComposeContainers stack) throws Exception {
        var compose = compose();
        var ports = BROKERS.stream()
                .collect(Collectors.toMap(
                        Function.identity(), _ -> ComposeContainers.freePort(), (one, _) -> one, LinkedHashMap::new));
        ports.forEach((broker, port) -> {
            var own = compose.environment(broker);
            stack.start(
                    broker,
                    Map.of(OUTSIDE, port),
                    Map.of(
                            "KAFKA_LISTENERS", own.get("KAFKA_LISTENERS") + ",OUTSIDE://:" + OUTSIDE,
                            "KAFKA_ADVERTISED_LISTENERS",
                                    own.get("KAFKA_ADVERTISED_LISTENERS") + ",OUTSIDE://127.0.0.1:" + port,
                            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                                    own.get("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP") + ",OUTSIDE:PLAINTEXT"));
        });
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Another user than root, a root file system that it cannot write, and the cache that its JVM starts from. */
    private static void isLocked(GenericContainer<?> container) {
        try {
            assertThat(container.execInContainer("id", "-u").getStdout().strip())
                    .isEqualTo("10001");
            var touched = container.execInContainer("touch", "/opt/stepstream/lib/another.jar");
            assertThat(touched.getExitCode()).isNotZero();
            assertThat(touched.getStderr()).contains("Read-only file system");
            assertThat(container
                            .execInContainer("test", "-s", "/opt/stepstream/lib/stepstream.aot")
                            .getExitCode())
                    .isZero();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
