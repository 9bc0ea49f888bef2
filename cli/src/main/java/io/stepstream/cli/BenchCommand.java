package io.stepstream.cli;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.load.Bench;
import io.stepstream.load.BenchFailed;
import io.stepstream.load.BenchSettings;
import io.stepstream.load.BenchSettings.Comparison;
import io.stepstream.load.Workload;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stepstream bench}: the engine under load, and the ceiling in turn with it. */
@Command(
        name = "bench",
        description = {
            "Puts load on a broker and an engine in processes of their own, and in turn on a bare topology in the engine's place.",
            "Linux only. Needs two cores and 6 GiB that nobody else uses."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final int DEFAULT_RATE = 50;
    private static final int DEFAULT_SECONDS = 16;

    /** Of some seconds each: long beside its beginning and its end, short beside what else happens on the machine. */
    private static final int TURNS = 5;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            required = true,
            description = "three-tasks, callback, fan-out, parked or gateway.")
    private String workload = "";

    @Option(
            names = "--executions",
            paramLabel = "N",
            description =
                    "Executions to measure; of fan-out, items of its Map; callbacks of the gateway (default: 50000, 10000, 100000 parked, 20000 callbacks).")
    private @Nullable Integer executions;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description =
                    "Executions before that (default: 10000; 8000 before callbacks, which are then warmed up for 5 s; 8000 callbacks of the gateway).")
    private @Nullable Integer warmup;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "50", description = "Callbacks a second (default: 50).")
    private int rate = DEFAULT_RATE;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "16",
            description = "How long callbacks are measured (default: 16).")
    private int seconds = DEFAULT_SECONDS;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description =
                    "Executions that a closed loop keeps running (default: 1000); callers of the gateway at once (default: 200).")
    private @Nullable Integer inFlight;

    @Option(
            names = "--waiting",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Calls to the gateway that wait for a task meanwhile (default: 5000).")
    private int waiting = 5000;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "2",
            description = "Partitions of the engine (default: 2).")
    private int partitions = 2;

    @Option(names = "--flush", description = "The broker has every batch on the disk before it acknowledges it.")
    private boolean flush;

    @Option(
            names = "--kafka",
            paramLabel = "NAME=VALUE",
            description = "A setting of Kafka Streams for engine and ceiling; give one option for each.")
    private Map<String, String> kafka = new LinkedHashMap<>();

    @Option(
            names = "--broker",
            paramLabel = "NAME=VALUE",
            description = "A property of the broker; give one option for each.")
    private Map<String, String> broker = new LinkedHashMap<>();

    @Option(
            names = "--engine-jvm",
            paramLabel = "FLAGS",
            defaultValue = "-Xms768m -Xmx768m -XX:+UseParallelGC",
            description = "Flags of the JVM of engine and ceiling (default: ${DEFAULT-VALUE}).")
    private String engineJvm = "";

    @Option(
            names = "--broker-jvm",
            paramLabel = "FLAGS",
            defaultValue = "-Xms768m -Xmx768m -XX:+UseParallelGC",
            description = "Flags of the broker's JVM (default: ${DEFAULT-VALUE}).")
    private String brokerJvm = "";

    @Option(
            names = "--gateway-jvm",
            paramLabel = "FLAGS",
            defaultValue = "-Xms1g -Xmx1g -XX:+UseParallelGC",
            description = "Flags of the gateway's JVM (default: ${DEFAULT-VALUE}).")
    private String gatewayJvm = "";

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            defaultValue = ".stepstream-bench",
            description = "Folder for data and logs, emptied at the start (default: .stepstream-bench).")
    private Path dataDir = Path.of(".stepstream-bench");

    @Option(names = "--no-ceiling", description = "Measure the engine alone.")
    private boolean alone;

    @Option(
            names = "--against",
            paramLabel = "NAME=VALUE",
            description =
                    "Instead of the ceiling, measure another engine that has this setting of Kafka Streams; give one option for each.")
    private Map<String, String> against = new LinkedHashMap<>();

    @Option(
            names = "--against-jvm",
            paramLabel = "FLAGS",
            defaultValue = "",
            description =
                    "Instead of the ceiling, measure another engine whose JVM has these flags after those of --engine-jvm.")
    private String againstJvm = "";

    @Option(
            names = "--against-clone",
            paramLabel = "FOLDER",
            description = "Instead of the ceiling, measure the engine of another clone, which its launcher has built.")
    private @Nullable Path clone;

    @Option(names = "--json", description = "Print one line of JSON, as the peers' kit reads it, and nothing else.")
    private boolean json;

    private final PrintWriter out;
    private final Keyboard keyboard;

    BenchCommand(PrintWriter out, Keyboard keyboard) {
        this.out = out;
        this.keyboard = keyboard;
    }

    @Override
    public Integer call() throws Exception {
        try (var bar = new ProgressBar(keyboard.answers() ? System.err : null)) {
            var report = Bench.run(settings(), bar);
            bar.close();
            if (!json) {
                report.print(out);
            }
            out.println(report.json());
        } catch (BenchFailed e) {
            throw new Trouble(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }

    private BenchSettings settings() {
        var load = named();
        return new BenchSettings(
                load,
                executions == null ? usualExecutions(load) : executions,
                warmup == null ? usualWarmup(load) : warmup,
                rate,
                seconds,
                inFlight == null ? usualInFlight(load) : inFlight,
                waiting,
                partitions,
                brokerProperties(),
                kafka,
                flags(brokerJvm),
                flags(engineJvm),
                flags(gatewayJvm),
                isCompared(load) && load == Workload.THREE_TASKS ? TURNS : 1,
                dataDir.toAbsolutePath().normalize(),
                System.getProperty("java.class.path"),
                comparison(load));
    }

    private Comparison comparison(Workload load) {
        if (!against.isEmpty() || !againstJvm.isBlank() || clone != null) {
            if (alone) {
                throw new Unusable(
                        "--no-ceiling measures the engine alone, --against another one too: give one of them");
            }
            if (load == Workload.GATEWAY) {
                throw new Unusable("--against: the gateway's workload is measured alone");
            }
            return new BenchSettings.Another(
                    against, flags(againstJvm), clone == null ? System.getProperty("java.class.path") : jars(clone));
        }
        return isCompared(load) ? new BenchSettings.Ceiling() : new BenchSettings.Nothing();
    }

    /** As the launcher has left them. */
    private static String jars(Path clone) {
        var target = clone.toAbsolutePath().normalize().resolve("cli/target");
        try (var built = Files.list(target);
                var libraries = Files.list(target.resolve("lib"))) {
            return Stream.concat(built, libraries)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new Unusable("--against-clone: nothing is built in " + clone
                    + ": run its ./stepstream --version once (" + e.getMessage() + ")");
        }
    }

    private boolean isCompared(Workload load) {
        return !alone && load != Workload.GATEWAY;
    }

    private Map<String, String> brokerProperties() {
        var properties = new HashMap<>(broker);
        if (flush) {
            properties.put(BenchSettings.FLUSH, "1");
        }
        return properties;
    }

    private Workload named() {
        try {
            return Workload.of(workload);
        } catch (IllegalArgumentException e) {
            throw new Unusable("--workload: " + e.getMessage());
        }
    }

    private static int usualExecutions(Workload load) {
        return switch (load) {
            case THREE_TASKS -> 50_000;
            case GATEWAY -> 20_000;
            case CALLBACK -> 0;
            case FAN_OUT -> 10_000;
            case PARKED -> 100_000;
        };
    }

    private static int usualInFlight(Workload load) {
        return load == Workload.GATEWAY ? 200 : 1000;
    }

    private static int usualWarmup(Workload load) {
        return switch (load) {
            case THREE_TASKS -> 10_000;
            case CALLBACK, GATEWAY, PARKED -> 8_000;
            case FAN_OUT -> 2_000;
        };
    }

    private static List<String> flags(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
