package io.stepstream.load.generator;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a client saw.
 *
 * @param executions that finished
 * @param turns the seconds of each turn, from its first start to its last end
 * @param more figures of this workload alone
 */
public record Seen(
        int executions, List<Double> turns, double p50Ms, double p90Ms, double p99Ms, Map<String, Double> more) {
    private static final double MICROS = 1000;

    public Seen {
        turns = List.copyOf(turns);
    }

    static Seen of(int executions, List<Double> turns, Histogram micros, Map<String, Double> more) {
        return new Seen(executions, turns, millis(micros, 50), millis(micros, 90), millis(micros, 99), more);
    }

    /** Of all turns. */
    public double seconds() {
        return turns.stream().mapToDouble(Double::doubleValue).sum();
    }

    static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS;
    }
}
