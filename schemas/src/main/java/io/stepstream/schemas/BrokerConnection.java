package io.stepstream.schemas;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.Metric;

/**
 * Whether a share consumer has lost all brokers. Its network thread sees the end of a connection at once, and tells only its metrics. Used by
 * the thread that uses the consumer, which looks every second or so.
 */
public final class BrokerConnection {
    private static final Duration UNCONNECTED = Duration.ofSeconds(3);

    /** More than the longest time between two heartbeats that a broker lets a share group have by default, 15 s. */
    private static final Duration UNHEARD = Duration.ofSeconds(20);

    private final Optional<Metric> connections;
    private final Optional<Metric> received;
    private long connectedAt = System.nanoTime();
    private long heardAt = connectedAt;
    private double heard;

    public BrokerConnection(ShareConsumer<?, ?> consumer) {
        connections = metric(consumer, "connection-count");
        received = metric(consumer, "incoming-byte-total");
    }

    private static Optional<Metric> metric(ShareConsumer<?, ?> consumer, String name) {
        return consumer.metrics().values().stream()
                .<Metric>map(metric -> metric)
                .filter(metric -> metric.metricName().name().equals(name)
                        && !metric.metricName().tags().containsKey("node-id"))
                .findFirst();
    }

    /** Whether it has had no connection, or has heard of no broker, for so long that none can be reached. */
    public boolean isLost() {
        if (connections.isEmpty() || received.isEmpty()) {
            return false;
        }
        var now = System.nanoTime();
        if (number(connections.get()) > 0) {
            connectedAt = now;
        }
        var bytes = number(received.get());
        if (bytes != heard) {
            heard = bytes;
            heardAt = now;
        }
        return now - connectedAt > UNCONNECTED.toNanos() || now - heardAt > UNHEARD.toNanos();
    }

    /** How many bytes have come from brokers. */
    public double received() {
        return received.map(BrokerConnection::number).orElse(0.0);
    }

    private static double number(Metric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }
}
