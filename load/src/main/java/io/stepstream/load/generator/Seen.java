package io.stepstream.load.generator;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a client saw.
 *
 * @param executions that finished
 * @param seconds from the first start to the last end
 * @param more figures of this workload alone
 */
public record Seen(int executions, double seconds, double p50Ms, double p90Ms, double p99Ms, Map<String, Double> more) {
    private static final double MICROS = 1000;

    static Seen of(int executions, double seconds, Histogram micros, Map<String, Double> more) {
        return new Seen(executions, seconds, millis(micros, 50), millis(micros, 90), millis(micros, 99), more);
    }

    static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS;
    }
}
