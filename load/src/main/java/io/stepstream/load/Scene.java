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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** One run: a fresh broker, engine or ceiling, and a generator, in processes of their own, from start to end. */
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
    private volatile double peakMiB;
    private volatile boolean over;

    private Scene(BenchSettings settings, Target target, Progress progress) {
        this.settings = settings;
        this.folder = settings.folder().resolve(target.toString().toLowerCase(Locale.ROOT));
        this.target = target;
        this.progress = progress;
    }

    /** What a run gave. */
    record Outcome(
            Seen seen,
            StepProfile profile,
            RunSettings settings,
            Map<String, String> topics,
            Map<String, Double> cpuSeconds,
            double serverCpuSeconds,
            double foreignCpuShare,
            double peakMiB,
            double startupMillis,
            List<Double> heapsMiB,
            List<Double> gatewayHeapsMiB) {

        double stepsPerSec() {
            return profile.steps() / seen.seconds();
        }
    }

    /** Runs the engine, or the ceiling with what the engine's run has shown. */
    static Outcome play(BenchSettings settings, Target target, Optional<StepProfile> profile, Progress progress)
            throws Exception {
        try (var scene = new Scene(settings, target, progress)) {
            return scene.play(profile);
        }
    }

    private record Usage(Map<String, Double> processes, double servers, double ours, double busy, double all) {}

    private Outcome play(Optional<StepProfile> script) throws Exception {
        Files.createDirectories(folder);
        progress.phase("starting " + folder.getFileName(), 0);
        var begun = System.nanoTime();
        var broker = broker();
        var places = broker.said("ready", START_SECONDS).split(" ");
        if (script.isPresent()) {
            Json.write(folder.resolve("profile.json"), script.get());
        }
        var engine = target == Target.ENGINE ? engine(places) : ceiling(places);
        var told = Json.parse(engine.said("settings", START_SECONDS), RunSettings.class);
        var api = engine.said("ready", START_SECONDS);
        var startupMillis = (System.nanoTime() - begun) / 1e6;
        var gateway = hasGateway() ? gateway(places, api).said("ready", START_SECONDS) : "";
        Thread.ofVirtual().start(this::watchMemory);
        var codec = new RecordCodec(new HttpSchemaRegistry(URI.create(places[1])));
        try (var profiler = new Profiler(places[0], codec)) {
            var played = generate(generator(places, gateway), engine, profiler);
            over = true;
            var used = played.used();
            return new Outcome(
                    played.seen(),
                    profiler.between(played.from(), played.to()),
                    told,
                    TopicDescription.of(places[0]),
                    used.processes(),
                    used.servers(),
                    Math.max(0, used.busy() - used.ours()) / used.all(),
                    peakMiB,
                    startupMillis,
                    List.copyOf(heaps),
                    List.copyOf(gatewayHeaps));
        }
    }

    private record Played(Seen seen, Usage used, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {}

    private Played generate(Child generator, Child engine, Profiler profiler)
            throws InterruptedException, IOException, ExecutionException {
        Usage before = null;
        Usage after = null;
        Map<TopicPartition, Long> from = Map.of();
        Map<TopicPartition, Long> to = Map.of();
        while (true) {
            var line = generator
                    .line(SILENCE_SECONDS)
                    .orElseThrow(() -> new BenchFailed("the generator has said nothing for " + SILENCE_SECONDS + " s"));
            var words = line.split(" ", 3);
            switch (words[0]) {
                case "phase" -> progress.phase(words[2], Integer.parseInt(words[1]));
                case "progress" -> progress.done(Integer.parseInt(words[1]));
                case "checkpoint" -> {
                    switch (words[1]) {
                        case "BEGIN" -> {
                            from = profiler.ends();
                            before = usage();
                        }
                        case "END" -> {
                            after = usage();
                            to = profiler.ends();
                        }
                        case "GATEWAY_HEAP" -> gatewayHeaps.add(HeapUse.afterCollection(pid("gateway")));
                        case "HEAP" -> heaps.add(HeapUse.afterCollection(engine.pid()));
                        default -> throw new IllegalStateException(line);
                    }
                    generator.goOn();
                }
                case "result" -> {
                    heaps.add(HeapUse.afterCollection(engine.pid()));
                    if (before == null || after == null) {
                        throw new IllegalStateException("a result without a measurement");
                    }
                    var seen = Json.parse(line.substring("result ".length()), Seen.class);
                    return new Played(seen, difference(before, after), from, to);
                }
                default -> {}
            }
        }
    }

    private Child broker() {
        var arguments = new ArrayList<>(List.of(folder.resolve("kafka").toString(), "" + settings.partitions()));
        settings.broker().forEach((name, value) -> arguments.add(name + '=' + value));
        return server(child("broker", settings.brokerJvm(), BrokerProcess.class, arguments));
    }

    private Child engine(String[] places) {
        return server(child(
                "engine",
                settings.engineJvm(),
                EngineProcess.class,
                arguments(places, hasGateway() ? "read-side" : "engine")));
    }

    private Child ceiling(String[] places) {
        var tasks = String.valueOf(settings.workload().tasks());
        return server(child("ceiling", settings.engineJvm(), CeilingProcess.class, arguments(places, tasks)));
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
        return server(child(
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
                        target));
        return child("generator", GENERATOR_JVM, GeneratorProcess.class, List.of(file.toString()));
    }

    private Child child(String name, List<String> jvm, Class<?> main, List<String> arguments) {
        var flags = Stream.concat(jvm.stream(), QUIET.stream()).toList();
        var child = Child.start(name, folder, flags, main, arguments);
        children.add(child);
        return child;
    }

    private Child server(Child child) {
        servers.add(child);
        return child;
    }

    private long pid(String name) {
        return children.stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private Usage usage() throws IOException {
        var processes = new TreeMap<String, Double>();
        var serverSeconds = 0.0;
        for (var server : servers) {
            serverSeconds += Machine.cpuSeconds(server.pid());
        }
        var ours = Machine.cpuSeconds(ProcessHandle.current().pid());
        for (var child : children) {
            var seconds = Machine.cpuSeconds(child.pid());
            processes.put(child.name(), seconds);
            ours += seconds;
        }
        var machine = Machine.seconds();
        return new Usage(processes, serverSeconds, ours, machine[0], machine[1]);
    }

    private static Usage difference(Usage before, Usage after) {
        var processes = new TreeMap<>(after.processes);
        before.processes.forEach((name, seconds) -> processes.computeIfPresent(name, (same, later) -> later - seconds));
        return new Usage(
                processes,
                after.servers - before.servers,
                after.ours - before.ours,
                after.busy - before.busy,
                after.all - before.all);
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
        for (var child : children.reversed()) {
            child.close();
        }
    }
}
