package io.stepstream.cli.serve;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Services of the compose file as containers: image, command, environment, mounts, rights and health check are the file's. What compose publishes on
 * a fixed port is on a free one here, on loopback as there.
 */
final class ComposeContainers implements AutoCloseable {
    private final ComposeFile compose;
    private final Path root;
    private final Secrets secrets;
    private final Duration patience;
    private final Network network = Network.newNetwork();
    private final Map<String, GenericContainer<?>> containers = Collections.synchronizedMap(new LinkedHashMap<>());

    /** @param root where paths of the file begin */
    ComposeContainers(ComposeFile compose, Path root, Secrets secrets, Duration patience) {
        this.compose = compose;
        this.root = root;
        this.secrets = secrets;
        this.patience = patience;
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts a service, and waits until it is healthy, or has ended well if it is one that ends. */
    GenericContainer<?> start(String service) {
        return start(service, Map.of(), Map.of());
    }

    /**
     * The same, of which more is seen from outside.
     *
     * @param published ports of 127.0.0.1 by ports of the service
     * @param environment what it has besides the file's, or in its place
     */
    GenericContainer<?> start(String service, Map<Integer, Integer> published, Map<String, String> environment) {
        var container = new GenericContainer<>(DockerImageName.parse(compose.image(service)))
                .withNetwork(network)
                .withNetworkAliases(service)
                .withEnv(compose.environment(service))
                .withCreateContainerCmdModifier(command -> asInFile(service, command, published));
        if (compose.has(service, "env_file")) {
            container.withEnv(secrets.environment());
        }
        container.withEnv(environment);
        if (compose.has(service, "command")) {
            container.withCommand(compose.command(service).toArray(String[]::new));
        }
        if (compose.has(service, "healthcheck")) {
            container.waitingFor(Wait.forHealthcheck().withStartupTimeout(patience));
        } else {
            container.withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(patience));
        }
        containers.put(service, container);
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new AssertionError(service + " does not come up: " + container.getLogs(), e);
        }
        return container;
    }

    private void asInFile(String service, CreateContainerCmd command, Map<Integer, Integer> published) {
        HostConfig host = Objects.requireNonNull(command.getHostConfig());
        host.withReadonlyRootfs(compose.has(service, "read_only"))
                .withTmpFs(compose.list(service, "tmpfs").stream()
                        .map(mount -> mount.split(":", 2))
                        .collect(Collectors.toMap(mount -> mount[0], mount -> mount[1])))
                .withDnsOptions(compose.list(service, "dns_opt"))
                .withSecurityOpts(compose.list(service, "security_opt"))
                .withCapDrop(compose.list(service, "cap_drop").stream()
                        .map(Capability::valueOf)
                        .toArray(Capability[]::new))
                .withBinds(compose.list(service, "volumes").stream()
                        // Volumes that have a name are the image's own here, and go with the container.
                        .filter(volume -> volume.startsWith("./"))
                        .map(volume -> Bind.parse(here(volume)))
                        .toList())
                .withPortBindings(published.entrySet().stream()
                        .map(port -> PortBinding.parse("127.0.0.1:" + port.getValue() + ":" + port.getKey()))
                        .toList());
        // What is not exposed is not published.
        command.withExposedPorts(
                published.keySet().stream().map(ExposedPort::tcp).toList());
        compose.health(service)
                .ifPresent(health -> command.withHealthcheck(new HealthCheck()
                        .withTest(health.test())
                        .withInterval(health.interval().toNanos())
                        .withTimeout(health.timeout().toNanos())
                        .withRetries(health.retries())));
    }

    private String here(String volume) {
        return volume.replace(
                        "./deploy/secrets/credentials.json",
                        secrets.credentials().toString())
                .replaceFirst("^\\./", root + "/");
    }

    boolean isRunning(String service) {
        return of(service).isRunning();
    }

    void kill(String service) {
        var container = of(service);
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    private GenericContainer<?> of(String service) {
        return Objects.requireNonNull(containers.get(service), () -> service + " was not started");
    }

    @Override
    public void close() {
        List.copyOf(containers.values()).reversed().forEach(GenericContainer::stop);
        network.close();
    }
}
