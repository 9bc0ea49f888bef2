package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** The stack of {@code docker-compose.yml} in containers, one broker; the scene's workers and its approver are out here. */
class ApprovalContainerIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final int HTTP = 8080;
    private static final int OUTSIDE = 19_094;

    @TempDir
    Path folder;

    private final List<AutoCloseable> parts = new ArrayList<>();

    @BeforeEach
    void anEngineOfThisMachineHasTheImages() throws Exception {
        var engine = DockerClientFactory.instance();
        assumeTrue(
                engine.isDockerAvailable(),
                "no container engine answers: start one, or set DOCKER_HOST (docs/containers.md)");
        var socket = engine.getTransportConfig().getDockerHost();
        assumeTrue(
                socket.getScheme().matches("unix|npipe"),
                "the container engine is " + socket + ": the test reaches ports on 127.0.0.1 of its own machine only");
        var compose = compose();
        Stream.of("kafka-1", "registry", "orchestrator-1", "proxy")
                .map(compose::image)
                .forEach(
                        image -> assumeTrue(
                                isThere(image),
                                "the engine has no image " + image
                                        + ": deploy/build-image.sh builds ours, `docker compose pull` gets the others, and deploy/local-images.sh builds stand-ins of all"));
    }

    private static boolean isThere(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static ComposeFile compose() throws Exception {
        return new ComposeFile(ROOT.resolve("docker-compose.yml"), Path.of("/dev/null"));
    }

    @AfterEach
    void close() throws Exception {
        for (var part : parts.reversed()) {
            part.close();
        }
    }

    @Test
    void anApprovalOutlivesTheKillOfAnOrchestrator() throws Exception {
        var secrets = Secrets.make(ROOT, folder.resolve("secrets"), ComposeServicesIT.launcher());
        var stack = new ComposeContainers(compose(), ROOT, secrets, PATIENCE);
        parts.add(stack);
        var brokers = startKafka(stack);
        var registry = ComposeContainers.freePort();
        stack.start("registry", Map.of(HTTP, registry), Map.of());
        stack.start("topics");
        Stream.of("orchestrator-1", "orchestrator-2", "gateway-1", "gateway-2")
                .parallel()
                .forEach(service -> isLocked(stack.start(service)));
        var proxy = ComposeContainers.freePort();
        stack.start("proxy", Map.of(HTTP, proxy), Map.of());

        var door = URI.create("http://127.0.0.1:" + proxy);
        var approval = new Approval(
                brokers, URI.create("http://127.0.0.1:" + registry + "/apis/ccompat/v7"), secrets.key(), PATIENCE);
        parts.add(approval);
        var execution = approval.start(ROOT.resolve("examples/approval"), door, door);
        var token = approval.token();
        stack.kill("orchestrator-1");
        approval.approve(door, token);
        assertThat(approval.end(door, execution)).isEqualTo("SUCCEEDED");
        assertThat(stack.isRunning("orchestrator-1")).isFalse();
        assertThat(stack.isRunning("orchestrator-2")).isTrue();
    }

    /** Kafka, with one more listener, for those who are out here; answers where that is. */
    private static String startKafka(ComposeContainers stack) throws Exception {
        var port = ComposeContainers.freePort();
        var own = compose().environment("kafka-1");
        stack.start(
                "kafka-1",
                Map.of(OUTSIDE, port),
                Map.of(
                        "KAFKA_LISTENERS", own.get("KAFKA_LISTENERS") + ",OUTSIDE://:" + OUTSIDE,
                        "KAFKA_ADVERTISED_LISTENERS",
                                own.get("KAFKA_ADVERTISED_LISTENERS") + ",OUTSIDE://127.0.0.1:" + port,
                        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                                own.get("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP") + ",OUTSIDE:PLAINTEXT"));
        return "127.0.0.1:" + port;
    }

    /** Another user than root, and a root file system that it cannot write. */
    private static void isLocked(GenericContainer<?> container) {
        try {
            assertThat(container.execInContainer("id", "-u").getStdout().strip())
                    .isEqualTo("10001");
            var touched = container.execInContainer("touch", "/opt/stepstream/lib/another.jar");
            assertThat(touched.getExitCode()).isNotZero();
            assertThat(touched.getStderr()).contains("Read-only file system");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
