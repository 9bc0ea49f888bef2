package io.stepstream.orchestrator.engine;

import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Percentile;
import org.apache.kafka.common.metrics.stats.Percentiles;
import org.apache.kafka.streams.StreamsMetrics;

/**
 * How long after their time timers fire: a histogram among Kafka Streams' own metrics, for each partition, in milliseconds, over the last
 * minute. A deadline is late by as long as its barrier takes, and by no less.
 */
final class OverdueTimers {
    /** The metrics' group; in JMX {@code kafka.streams:type=stepstream-timer-metrics,partition=N}. */
    static final String GROUP = "stepstream-timer-metrics";

    private static final int HISTOGRAM_BYTES = 8 * 1024;
    private static final double MOST_MILLIS = 3_600_000;

    private OverdueTimers() {}

    /** What is to be told of each timer of this partition that fires: how many milliseconds late it is. */
    static LongConsumer histogram(StreamsMetrics metrics, int partition) {
        var sensor = metrics.addSensor("overdue-timers-" + partition, Sensor.RecordingLevel.INFO);
        // A partition that comes back finds its sensor again.
        if (!sensor.hasMetrics()) {
            sensor.add(new Percentiles(
                    HISTOGRAM_BYTES,
                    MOST_MILLIS,
                    Percentiles.BucketSizing.LINEAR,
                    new Percentile(name("p50", "The median", partition), 50),
                    new Percentile(name("p95", "The 95th percentile", partition), 95),
                    new Percentile(name("p99", "The 99th percentile", partition), 99)));
            sensor.add(name("max", "The most", partition), new Max());
            sensor.add(name("count", "The number", partition), new CumulativeCount());
        }
        return sensor::record;
    }

    private static MetricName name(String which, String what, int partition) {
        return new MetricName(
                "overdue-ms-" + which,
                GROUP,
                what + " of the milliseconds that timers fired after they were due",
                Map.of("partition", String.valueOf(partition)));
    }
}
