package io.stepstream.local;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache Kafka's own broker and controller in this JVM: one node, reached from this machine only, its data in a folder.
 *
 * <p>It is put together as {@code KafkaRaftServer} does it, with three differences: its sockets are bound before anything else
 * starts, so that a port in use is said at once and free ports are not raced for; the broker waits until the controller has
 * given up the one before it (ADR 0063); and a fault does not end the process.
 */
public final class LocalKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalKafka.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    /** Some times the session of a broker, which is all that is waited for. */
    private static final Duration PREDECESSOR_TIMEOUT = Duration.ofSeconds(60);

    private final KafkaData data;
    private final SharedServer shared;
    private final BrokerServer broker;
    private final ControllerServer controller;
    private final int port;

    private LocalKafka(
            KafkaData data, SharedServer shared, BrokerServer broker, ControllerServer controller, int port) {
        this.data = data;
        this.shared = shared;
        this.broker = broker;
        this.controller = controller;
        this.port = port;
    }

    /**
     * Starts a broker on this folder, and returns when it takes records.
     *
     * @param dataDir its data; formatted if it is empty or missing
     * @param port where clients reach it on 127.0.0.1; 0 for any free one
     * @throws LocalKafkaFailed if it cannot start; the message says why in one line
     */
    public static LocalKafka start(Path dataDir, int port) {
        return start(dataDir, port, Map.of());
    }

    /**
     * Starts a broker as {@link #start(Path, int)} does, with some of its properties otherwise than ours.
     *
     * @param overrides properties by Kafka's names; those that say who and where it is cannot be changed
     */
    public static LocalKafka start(Path dataDir, int port, Map<String, String> overrides) {
        ServerSocketChannel clients = Loopback.bind(port, "Kafka");
        ServerSocketChannel quorum = Loopback.bind(0, "Kafka's controller");
        KafkaData data = null;
        try {
            data = KafkaData.open(dataDir.toAbsolutePath().normalize());
            LocalKafka kafka = assemble(data, clients, quorum, overrides);
            kafka.startup();
            return kafka;
        } catch (Exception e) {
            // Which of the broker's threads meets a fault, and as which exception, is not for its caller to know.
            Utils.closeQuietly(clients, "client socket");
            Utils.closeQuietly(quorum, "controller socket");
            Utils.closeQuietly(data, "data folder");
            throw e instanceof LocalKafkaFailed said
                    ? said
                    : new LocalKafkaFailed(
                            "Kafka cannot start on " + dataDir + ": "
                                    + rootOf(e).getMessage(),
                            e);
        }
    }

    /** Where clients reach it: host and port. */
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    /** Stops it; its data stays, and another start on the same folder goes on with it. */
    @Override
    public void close() {
        broker.shutdown(STOP_TIMEOUT);
        controller.shutdown();
        data.close();
    }

    private static LocalKafka assemble(
            KafkaData data, ServerSocketChannel clients, ServerSocketChannel quorum, Map<String, String> overrides)
            throws Exception {
        int port = portOf(clients);
        InetSocketAddress controllerAddress = new InetSocketAddress(Loopback.HOST, portOf(quorum));
        SharedServer shared = new SharedServer(
                KafkaConfig.fromProps(
                        KafkaSettings.properties(data.folder(), port, controllerAddress.getPort(), overrides), false),
                data.properties(),
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(Map.of(KafkaSettings.NODE_ID, controllerAddress)),
                List.of(),
                (name, fatal, action) -> faultHandler(name, action),
                (listener, address, backlog, buffer) -> listener.equals(KafkaSettings.BROKER) ? clients : quorum);
        return new LocalKafka(
                data,
                shared,
                new BrokerServer(shared),
                new ControllerServer(
                        shared,
                        KafkaRaftServer.configSchema(),
                        new BootstrapDirectory(data.folder().toString()).read()),
                port);
    }

    private void startup() throws InterruptedException {
        try {
            controller.startup();
            Predecessor.awaitGone(shared.loader(), KafkaSettings.NODE_ID, PREDECESSOR_TIMEOUT);
            broker.startup();
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private static FaultHandler faultHandler(String name, Runnable action) {
        return (message, cause) -> {
            LOG.error("Kafka's {} met a fault, start it again: {}", name, message, cause);
            action.run();
            return cause == null
                    ? new FaultHandlerException(name + ": " + message)
                    : new FaultHandlerException(name + ": " + message, cause);
        };
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null ? thrown : rootOf(cause);
    }

    private static int portOf(ServerSocketChannel channel) {
        return channel.socket().getLocalPort();
    }
}
