package io.stepstream.load;

import io.stepstream.load.generator.GeneratorProcess;
import io.stepstream.load.generator.Plan;
import io.stepstream.load.generator.Plan.Target;
import io.stepstream.load.generator.Seen;
import io.stepstream.load.profile.Profiler;
import io.stepstream.load.profile.StepProfile;
import io.stepstream.load.server.BrokerProcess;
import io.stepstream.load.server.CeilingProcess;
import io.stepstream.load.server.EngineProcess;
import io.stepstream.load.server.GatewayProcess;
import io.stepstream.load.server.RunSettings;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A fresh broker, engine or ceiling, and a generator, in processes of their own, which put load on it in turns. */
final class Scene implements AutoCloseable {
    private static final long START_SECONDS = 90;
    private static final long SILENCE_SECONDS = 90;
    private static final long SAMPLE_MILLIS = 250;
    private static final List<String> GENERATOR_JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");
    private static final List<String> QUIET = List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");

    private final BenchSettings settings;
    private final Path folder;
    private final Target target;
    private final Progress progress;
    private final List<Child> servers = new ArrayList<>();
    private final List<Child> children = new ArrayList<>();
    private final List<Double> heaps = new ArrayList<>();
    private final List<Double> gatewayHeaps = new ArrayList<>();
    private Map<String, String> topics = Map.of();
    private Map<TopicPartition, Long> from = Map.of();
    private Map<TopicPartition, Long> to = Map.of();
    private Usage used = Usage.NONE;
    private double startupMillis;
    private @Nullable RunSettings told;
    private @Nullable Profiler profiler;
    private @Nullable Seen seen;
    private volatile double peakMiB;
    private volatile boolean over;

    private Scene(BenchSettings settings, Target target, Progress progress) {
        this.settings = settings;
        this.target = target;
        this.folder = settings.folder().resolve(topology());
        this.progress = progress;
    }

    /** What a run gave. */
    record Outcome(
            Seen seen,
            StepProfile profile,
            RunSettings settings,
            Map<String, String> topics,
            Usage used,
            double serverCpuSeconds,
            double peakMiB,
            double startupMillis,
            List<Double> heapsMiB,
            List<Double> gatewayHeapsMiB) {

        double stepsPerSec() {
            return profile.steps() / seen.seconds();
        }

        /** The same of one turn, whose steps are taken to be its share. */
        double stepsPerSec(int turn) {
            return (double) profile.steps() / seen.turns().size() / seen.turns().get(turn);
        }
    }

    /** Starts and warms up the engine, or the ceiling with what the engine has shown until now. On return the first turn can begin. */
    static Scene start(BenchSettings settings, Target target, Optional<StepProfile> profile, Progress progress)
            throws Exception {
        var scene = new Scene(settings, target, progress);
        try {
            scene.start(profile);
        } catch (Exception e) {
            scene.close();
            throw e;
        }
        return scene;
    }

    private void start(Optional<StepProfile> script) throws Exception {
        Files.createDirectories(folder);
        progress.phase("starting " + folder.getFileName(), 0);
        var begun = System.nanoTime();
        var places = broker().said("ready", START_SECONDS).split(" ");
        if (script.isPresent()) {
            Json.write(folder.resolve("profile.json"), script.get());
        }
        var engine = target == Target.ENGINE ? engine(places) : ceiling(places);
        told = Json.parse(engine.said("settings", START_SECONDS), RunSettings.class);
        var api = engine.said("ready", START_SECONDS);
        startupMillis = (System.nanoTime() - begun) / 1e6;
        var gateway = hasGateway() ? gateway(places, api).said("ready", START_SECONDS) : "";
        Thread.ofVirtual().start(this::watchMemory);
        profiler = new Profiler(places[0], new RecordCodec(new HttpSchemaRegistry(URI.create(places[1]))));
        generator(places, gateway);
        untilNextTurn();
        topics = TopicDescription.of(places[0]);
    }

    /** Plays a turn; false if it was the last one. */
    boolean turn() throws Exception {
        var begin = looked();
        var before = Usage.Reading.of(children);
        if (from.isEmpty()) {
            from = begin;
        }
        child("generator").goOn();
        until("checkpoint END");
        used = used.plus(before.until(Usage.Reading.of(children)));
        to = looked();
        child("generator").goOn();
        return untilNextTurn();
    }

    /** What the turns until now have moved. */
    StepProfile profile() {
        return opened().between(from, to);
    }

    /** After the last turn. */
    Outcome outcome() {
        over = true;
        if (seen == null || told == null) {
            throw new IllegalStateException("no turn was the last");
        }
        return new Outcome(
                seen,
                profile(),
                told,
                topics,
                used,
                servers.stream()
                        .mapToDouble(server -> used.processes().getOrDefault(server.name(), 0.0))
                        .sum(),
                peakMiB,
                startupMillis,
                List.copyOf(heaps),
                List.copyOf(gatewayHeaps));
    }

    private Map<TopicPartition, Long> looked() throws ExecutionException, InterruptedException {
        return opened().ends();
    }

    private Profiler opened() {
        if (profiler == null) {
            throw new IllegalStateException("used before start");
        }
        return profiler;
    }

    private boolean untilNextTurn() throws InterruptedException, IOException {
        var line = until("checkpoint BEGIN", "result ");
        if (line.startsWith("checkpoint")) {
            return true;
        }
        heaps.add(HeapUse.afterCollection(child(topology()).pid()));
        seen = Json.parse(line.substring("result ".length()), Seen.class);
        return false;
    }

    /** Listens to the generator until it says one of these. */
    private String until(String... ends) throws InterruptedException, IOException {
        var generator = child("generator");
        while (true) {
            var line = generator
                    .line(SILENCE_SECONDS)
                    .orElseThrow(() -> new BenchFailed("the generator has said nothing for " + SILENCE_SECONDS + " s"));
            if (Arrays.stream(ends).anyMatch(line::startsWith)) {
                return line;
            }
            var words = line.split(" ", 3);
            switch (words[0]) {
                case "phase" -> progress.phase(words[2], Integer.parseInt(words[1]));
                case "progress" -> progress.done(Integer.parseInt(words[1]));
                case "checkpoint" -> {
                    switch (words[1]) {
                        case "GATEWAY_HEAP" ->
                            gatewayHeaps.add(
                                    HeapUse.afterCollection(child("gateway").pid()));
                        case "HEAP" ->
                            heaps.add(HeapUse.afterCollection(child(topology()).pid()));
                        default -> throw new IllegalStateException(line);
                    }
                    generator.goOn();
                }
                default -> {}
            }
        }
    }

    private Child broker() {
        var arguments = new ArrayList<>(List.of(folder.resolve("kafka").toString(), "" + settings.partitions()));
        settings.broker().forEach((name, value) -> arguments.add(name + '=' + value));
        return server(started("broker", settings.brokerJvm(), BrokerProcess.class, arguments));
    }

    private Child engine(String[] places) {
        return server(started(
                "engine",
                settings.engineJvm(),
                EngineProcess.class,
                arguments(places, hasGateway() ? "read-side" : "engine")));
    }

    private Child ceiling(String[] places) {
        var tasks = String.valueOf(settings.workload().tasks());
        return server(started("ceiling", settings.engineJvm(), CeilingProcess.class, arguments(places, tasks)));
    }

    private List<String> arguments(String[] places, String fourth) {
        var arguments = new ArrayList<>(List.of(places[0], places[1], folder.toString(), fourth));
        settings.kafka().forEach((name, value) -> arguments.add(name + '=' + value));
        return arguments;
    }

    private boolean hasGateway() {
        return settings.workload() == Workload.GATEWAY && target == Target.ENGINE;
    }

    private Child gateway(String[] places, String api) {
        return server(started(
                "gateway",
                settings.gatewayJvm(),
                GatewayProcess.class,
                List.of(places[0], places[1], folder.toString(), api)));
    }

    private Child generator(String[] places, String gateway) throws IOException {
        var file = folder.resolve("plan.json");
        Json.write(
                file,
                new Plan(
                        places[0],
                        places[1],
                        gateway,
                        settings.workload(),
                        settings.executions(),
                        settings.warmup(),
                        settings.rate(),
                        settings.seconds(),
                        settings.inFlight(),
                        settings.waiting(),
                        settings.partitions(),
                        target,
                        settings.turns()));
        return started("generator", GENERATOR_JVM, GeneratorProcess.class, List.of(file.toString()));
    }

    private Child started(String name, List<String> jvm, Class<?> main, List<String> arguments) {
        var flags = Stream.concat(jvm.stream(), QUIET.stream()).toList();
        var classPath =
                main == EngineProcess.class ? settings.engineClassPath() : System.getProperty("java.class.path");
        var child = Child.start(name, folder, flags, classPath, main, arguments);
        children.add(child);
        return child;
    }

    private Child server(Child child) {
        servers.add(child);
        return child;
    }

    private Child child(String name) {
        return children.stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String topology() {
        return target.toString().toLowerCase(Locale.ROOT);
    }

    private void watchMemory() {
        while (!over) {
            try {
                var sum = 0.0;
                for (var server : servers) {
                    sum += Machine.rssMiB(server.pid());
                }
                peakMiB = Math.max(peakMiB, sum);
                Thread.sleep(SAMPLE_MILLIS);
            } catch (IOException e) {
                // One of them has just ended; whoever waits for it says so.
                return;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        if (profiler != null) {
            profiler.close();
        }
        for (var child : children.reversed()) {
            child.close();
        }
    }
}
