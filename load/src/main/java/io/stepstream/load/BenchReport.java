package io.stepstream.load;

import com.fasterxml.jackson.databind.node.NullNode;
import io.stepstream.load.profile.Flow;
import io.stepstream.load.profile.StepProfile;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a benchmark gave. */
public final class BenchReport {
    private final BenchSettings settings;
    private final Scene.Outcome engine;
    private final Optional<Scene.Outcome> other;

    BenchReport(BenchSettings settings, Scene.Outcome engine, Optional<Scene.Outcome> other) {
        this.settings = settings;
        this.engine = engine;
        this.other = other;
    }

    /** One line of JSON: the peers' members, then ours, then those of this workload alone. */
    public String json() {
        return Json.line(figures());
    }

    /** As JSON says it. */
    private static Object orNull(Optional<BigDecimal> figure) {
        return figure.isPresent() ? figure.get() : NullNode.getInstance();
    }

    private Map<String, Object> figures() {
        var seen = engine.seen();
        var perSec = seen.executions() / seen.seconds();
        var line = new LinkedHashMap<String, Object>();
        line.put("peer", "stepstream");
        line.put("version", "0.1.0, Kafka " + AppInfoParser.getVersion());
        line.put("workload", settings.workload().toString());
        line.put("executions", seen.executions());
        line.put("execPerSec", rounded(perSec, 1));
        line.put("tasksPerSec", rounded(perSec * settings.workload().tasks(), 1));
        line.put("p50Ms", rounded(seen.p50Ms(), 2));
        line.put("p90Ms", rounded(seen.p90Ms(), 2));
        line.put("p99Ms", rounded(seen.p99Ms(), 2));
        line.put("serverCpuMsPerExec", rounded(1000 * engine.serverCpuSeconds() / seen.executions(), 3));
        line.put("rssPeakMiB", Math.round(engine.peakMiB()));
        line.put("startupMs", Math.round(engine.startupMillis()));
        line.put("foreignCpuShare", rounded(engine.used().foreignShare(), 3));
        line.put("durability", durability());
        line.put("stepsPerSec", rounded(engine.stepsPerSec(), 1));
        var ceiling = other.filter(_ -> settings.comparison() instanceof BenchSettings.Ceiling);
        line.put("ceilingStepsPerSec", orNull(ceiling.map(run -> rounded(run.stepsPerSec(), 1))));
        line.put("ratioToCeiling", orNull(ceiling.map(this::ratio)));
        line.put("heapAfterGcMiB", rounded(engine.heapsMiB().getLast(), 1));
        line.put("recordsPerStep", rounded(engine.profile().recordsPerStep(), 3));
        line.put("bytesPerStep", rounded(engine.profile().bytesPerStep(), 1));
        line.put("stepsPerCommit", rounded(engine.profile().stepsPerCommit(), 1));
        line.put("cpuMsPerExec", perExecution(engine));
        other.ifPresent(run -> putOther(line, run));
        if (engine.heapsMiB().size() > 1) {
            line.put(
                    "heapsAfterGcMiB",
                    engine.heapsMiB().stream().map(heap -> rounded(heap, 1)).toList());
        }
        if (!engine.gatewayHeapsMiB().isEmpty()) {
            line.put(
                    "gatewayHeapsAfterGcMiB",
                    engine.gatewayHeapsMiB().stream()
                            .map(heap -> rounded(heap, 1))
                            .toList());
        }
        seen.more().forEach((name, value) -> line.put(name, rounded(value, 3)));
        return line;
    }

    private List<BigDecimal> ratios(Scene.Outcome run) {
        return IntStream.range(0, engine.seen().turns().size())
                .mapToObj(turn -> rounded(engine.stepsPerSec(turn) / run.stepsPerSec(turn), 3))
                .toList();
    }

    private BigDecimal ratio(Scene.Outcome run) {
        return rounded(engine.stepsPerSec() / run.stepsPerSec(), 3);
    }

    private void putOther(Map<String, Object> line, Scene.Outcome run) {
        line.put("ratioByTurn", ratios(run));
        if (settings.comparison() instanceof BenchSettings.Another) {
            line.put("anotherStepsPerSec", rounded(run.stepsPerSec(), 1));
            line.put("ratioToAnother", ratio(run));
        }
        var name = name();
        line.put(name + "P50Ms", rounded(run.seen().p50Ms(), 2));
        line.put(name + "P99Ms", rounded(run.seen().p99Ms(), 2));
        line.put(name + "StepsPerCommit", rounded(run.profile().stepsPerCommit(), 1));
        line.put(name + "CpuMsPerExec", perExecution(run));
        line.put(name + "RecordsPerStep", rounded(run.profile().recordsPerStep(), 3));
        line.put(name + "BytesPerStep", rounded(run.profile().bytesPerStep(), 1));
        line.put(name + "ForeignCpuShare", rounded(run.used().foreignShare(), 3));
    }

    /** Of the other side. */
    private String name() {
        return switch (settings.comparison()) {
            case BenchSettings.Ceiling _ -> "ceiling";
            case BenchSettings.Another _ -> "another";
            case BenchSettings.Nothing _ -> throw new IllegalStateException("compared with nothing");
        };
    }

    /** By process. */
    private static Map<String, BigDecimal> perExecution(Scene.Outcome run) {
        var millis = new TreeMap<String, BigDecimal>();
        run.used()
                .processes()
                .forEach((name, seconds) ->
                        millis.put(name, rounded(1000 * seconds / run.seen().executions(), 3)));
        return millis;
    }

    private String durability() {
        return settings.broker().containsKey(BenchSettings.FLUSH)
                ? "one Kafka broker, fsync before ack, exactly once"
                : "one Kafka broker, page cache (no fsync), exactly once";
    }

    private static BigDecimal rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
    }

    /** Both topologies' settings, what a step moves, and the figures. */
    public void print(PrintWriter out) {
        printSettings(out);
        out.println();
        out.println("What a step moves" + (other.isPresent() ? " (engine, " + name() + ")" : ""));
        var topics = new TreeMap<String, Flow>();
        engine.profile().flows().forEach(flow -> topics.put(flow.topic(), flow));
        topics.forEach((topic, flow) -> out.printf(
                "  %-44s %7.3f records %8.1f bytes%s%n",
                topic,
                engine.profile().perStep(topic),
                (double) flow.bytes() / engine.profile().steps(),
                other.map(run -> flow(run.profile(), topic)).orElse("")));
        out.println();
        figures().forEach((name, value) -> out.printf("  %-28s %s%n", name, value));
        out.flush();
    }

    private static String flow(StepProfile profile, String topic) {
        return String.format(
                "   %7.3f %8.1f",
                profile.perStep(topic),
                profile.flow(topic)
                        .map(flow -> (double) flow.bytes() / profile.steps())
                        .orElse(0.0));
    }

    private void printSettings(PrintWriter out) {
        out.println(
                settings.comparison() instanceof BenchSettings.Ceiling
                        ? "Settings of engine and ceiling, the same for both"
                        : "Settings of the engine");
        out.println("  JVM of the broker      " + String.join(" ", settings.brokerJvm()));
        if (!engine.gatewayHeapsMiB().isEmpty()) {
            out.println("  JVM of the gateway     " + String.join(" ", settings.gatewayJvm()));
        }
        out.println("  JVM of the topology    " + engine.settings().jvm());
        if (settings.comparison() instanceof BenchSettings.Another another) {
            another.kafka().forEach((name, value) -> out.println("  of the other one: " + name + " = " + value));
            another.jvm().forEach(flag -> out.println("  of the other one: " + flag));
        }
        settings.broker().forEach((name, value) -> out.println("  broker " + name + " = " + value));
        engine.settings().streams().forEach((name, value) -> out.println("  " + name + " = " + value));
        engine.settings().stores().forEach((name, value) -> out.println("  store " + name + ": " + value));
        engine.topics().forEach((name, value) -> out.println("  topic " + name + ": " + value));
    }
}
