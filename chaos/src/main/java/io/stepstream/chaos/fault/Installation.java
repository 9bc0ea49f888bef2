package io.stepstream.chaos.fault;

import io.stepstream.chaos.server.NodeProcess;
import io.stepstream.chaos.server.RegistryProcess;
import io.stepstream.chaos.server.WorkersProcess;
import io.stepstream.load.BenchFailed;
import io.stepstream.load.Child;
import io.stepstream.load.server.EngineProcess;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Brokers, a registry, engines and workers, each a process of its own on this machine. */
public final class Installation implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final String MARK = "stepstream-chaos";
    private static final List<String> QUIET = List.of(
            "-XX:+UseSerialGC",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");

    private final Layout layout;
    private final String cluster = Uuid.randomUuid().toString();
    private final List<Integer> clientPorts;
    private final List<Integer> quorumPorts;
    private final int registryPort;
    final List<Member> brokers = new ArrayList<>();
    final List<Member> engines = new ArrayList<>();
    final List<Member> workers = new ArrayList<>();
    final List<Member> registries = new ArrayList<>();

    private Installation(Layout layout) throws IOException {
        this.layout = layout;
        var ports = freePorts(2 * layout.brokers() + 1);
        clientPorts = ports.subList(0, layout.brokers());
        quorumPorts = ports.subList(layout.brokers(), 2 * layout.brokers());
        registryPort = ports.getLast();
    }

    /** Starts everything but workers, and returns when it is at work. */
    public static Installation start(Layout layout) throws Exception {
        claim(layout.folder());
        var installation = new Installation(layout);
        try {
            installation.start();
            return installation;
        } catch (Exception e) {
            installation.close();
            throw e;
        }
    }

    private void start() throws Exception {
        for (var i = 0; i < layout.brokers(); i++) {
            var node = i;
            brokers.add(new Member(start -> broker(node, start)));
        }
        for (var broker : brokers) {
            broker.awaitReady();
        }
        createTopics();
        registries.add(new Member(start -> child(
                "registry-" + start,
                "-Xmx96m",
                RegistryProcess.class,
                List.of(bootstrapServers(), "" + registryPort))));
        registries.getFirst().awaitReady();
        TokenKeys.loadOrCreate(tokenKeys());
        for (var i = 0; i < layout.engines(); i++) {
            var engine = i;
            Files.createDirectories(engineFolder(engine));
            Files.copy(tokenKeys(), engineFolder(engine).resolve("token-keys"));
            engines.add(new Member(start -> engine(engine, start)));
        }
        for (var engine : engines) {
            engine.awaitReady();
        }
    }

    /** Starts the workers, which do what this seed says, once their topics are there. */
    public void startWorkers(long seed) throws InterruptedException {
        for (var i = 0; i < WORKERS; i++) {
            var worker = i;
            workers.add(new Member(start -> child(
                    "worker-" + worker + '-' + start,
                    "-Xmx160m",
                    WorkersProcess.class,
                    List.of(bootstrapServers(), registry().toString(), "" + seed))));
        }
        for (var worker : workers) {
            worker.awaitReady();
        }
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            Topics.create(admin, layout.partitions(), replication());
            // The checker wants all verdicts of a run, and they are kept for minutes only.
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.VERDICTS),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "-1"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** How often each topic's records are there. */
    public short replication() {
        return (short) layout.brokers();
    }

    public String bootstrapServers() {
        return clientPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    public URI registry() {
        return URI.create("http://127.0.0.1:" + registryPort);
    }

    /** The file of the keys that tokens are signed with. */
    public Path tokenKeys() {
        return layout.folder().resolve("token-keys");
    }

    /** Has an engine stand still. */
    public void pauseEngine(int engine) throws InterruptedException {
        engines.get(engine).process().pause();
    }

    /** Has it go on. */
    public void resumeEngine(int engine) throws InterruptedException {
        engines.get(engine).process().resume();
    }

    /** Kills an engine (SIGKILL). */
    public void killEngine(int engine) throws InterruptedException {
        engines.get(engine).process().kill();
    }

    /** Starts an engine that was killed, and returns when it is at work. */
    public void startEngine(int engine) throws InterruptedException {
        engines.get(engine).startAgain();
    }

    /** Ends all engines in order: nobody reads any more. */
    public void stopEngines() {
        engines.forEach(engine -> engine.process().close());
    }

    /** Ends all workers in order. */
    public void stopWorkers() {
        workers.forEach(worker -> worker.process().close());
    }

    /** Empties an engine's disk, as another machine in its place would be. */
    void emptyDisk(int engine) throws IOException {
        empty(engineFolder(engine).resolve("state"));
    }

    private Path engineFolder(int engine) {
        return layout.folder().resolve("engine-" + engine);
    }

    private Child broker(int node, int start) {
        var voters = IntStream.range(0, layout.brokers())
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + quorumPorts.get(i))
                .collect(Collectors.joining(","));
        return child(
                "broker-" + (node + 1) + '-' + start,
                "-Xmx384m",
                NodeProcess.class,
                List.of(
                        cluster,
                        "" + (node + 1),
                        layout.folder().resolve("broker-data-" + (node + 1)).toString(),
                        "" + clientPorts.get(node),
                        "" + quorumPorts.get(node),
                        voters,
                        "" + layout.brokers()));
    }

    private Child engine(int engine, int start) {
        return child(
                "engine-" + engine + '-' + start,
                "-Xmx256m",
                EngineProcess.class,
                List.of(
                        bootstrapServers(),
                        registry().toString(),
                        engineFolder(engine).toString(),
                        "engine",
                        "num.standby.replicas=" + (layout.engines() > 1 ? 1 : 0)));
    }

    private Child child(String name, String heap, Class<?> main, List<String> arguments) {
        var flags = Stream.of(List.of(heap), layout.jvm(), QUIET)
                .flatMap(List::stream)
                .toList();
        return Child.start(name, layout.folder().resolve("log"), flags, main, arguments);
    }

    /** Bound all at once, so that they differ; whoever else takes one in between makes the start fail, and nothing worse. */
    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (var i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /** Empties the folder, if it is one of chaos. */
    private static void claim(Path folder) throws IOException {
        var mark = folder.resolve(MARK);
        if (Files.exists(folder) && !Files.exists(mark)) {
            try (var others = Files.list(folder)) {
                if (others.findAny().isPresent()) {
                    throw new BenchFailed("folder " + folder + " holds other things than a chaos run's;"
                            + " choose an empty or new one by --data-dir");
                }
            }
        }
        empty(folder);
        Files.createFile(mark);
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(folder);
    }

    @Override
    public void close() {
        Stream.of(workers, engines, registries, brokers).flatMap(List::stream).forEach(member -> {
            try {
                member.process().kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
