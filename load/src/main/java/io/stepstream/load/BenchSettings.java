package io.stepstream.load;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a benchmark is to do.
 *
 * @param executions to measure; of a fan-out, items; of open loops, rate times seconds counts
 * @param warmup executions before that
 * @param rate executions started a second, in open loops
 * @param seconds how long an open loop is measured
 * @param inFlight executions that a closed loop keeps running; callers at once, of the gateway
 * @param waiting calls that wait for a task meanwhile, of the gateway
 * @param partitions of the engine's topics
 * @param broker properties of the broker that are not as usual
 * @param kafka settings of engine and ceiling that are not as usual
 * @param brokerJvm flags of the broker's JVM
 * @param engineJvm flags of the JVM of engine and ceiling
 * @param gatewayJvm flags of the gateway's JVM
 * @param turns in how many parts the executions of closed loops are measured; the other side's parts come between the engine's
 * @param folder for data and logs
 * @param engineClassPath where the engine's classes are
 * @param comparison what is measured in turn with the engine
 */
public record BenchSettings(
        Workload workload,
        int executions,
        int warmup,
        int rate,
        int seconds,
        int inFlight,
        int waiting,
        int partitions,
        Map<String, String> broker,
        Map<String, String> kafka,
        List<String> brokerJvm,
        List<String> engineJvm,
        List<String> gatewayJvm,
        int turns,
        Path folder,
        String engineClassPath,
        Comparison comparison) {

    /** What the engine is compared with. */
    public sealed interface Comparison {}

    /** It is measured alone. */
    public record Nothing() implements Comparison {}

    /** The engine's records moved by a topology that does nothing else. */
    public record Ceiling() implements Comparison {}

    /**
     * Another engine.
     *
     * @param kafka settings in which it differs
     * @param jvm flags of its JVM, after those of both
     * @param classPath where its classes are, perhaps another build's
     */
    public record Another(Map<String, String> kafka, List<String> jvm, String classPath) implements Comparison {
        public Another {
            kafka = Map.copyOf(kafka);
            jvm = List.copyOf(jvm);
        }
    }

    /** Property of a broker that has every batch on the disk before it is acknowledged. */
    public static final String FLUSH = "log.flush.interval.messages";

    public BenchSettings {
        broker = Map.copyOf(broker);
        kafka = Map.copyOf(kafka);
        brokerJvm = List.copyOf(brokerJvm);
        engineJvm = List.copyOf(engineJvm);
        gatewayJvm = List.copyOf(gatewayJvm);
    }

    /** Those of the other engine, alone. */
    BenchSettings of(Another other) {
        var merged = new HashMap<>(kafka);
        merged.putAll(other.kafka());
        var flags = Stream.concat(engineJvm.stream(), other.jvm().stream()).toList();
        return new BenchSettings(
                workload,
                executions,
                warmup,
                rate,
                seconds,
                inFlight,
                waiting,
                partitions,
                broker,
                merged,
                brokerJvm,
                flags,
                gatewayJvm,
                turns,
                folder.resolve("another"),
                other.classPath(),
                new Nothing());
    }
}
