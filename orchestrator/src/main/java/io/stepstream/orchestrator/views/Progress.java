package io.stepstream.orchestrator.views;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this instance's views are in each partition, as an offset that can be compared with the partition's end.
 *
 * <p>The offset of the last applied record would not do: transaction markers and aborted records take offsets too, so on an
 * idle partition the end is always beyond it. Hence the consumer's position counts, as soon as all it has returned is applied.
 */
final class Progress {

    private final Map<TopicPartition, Position> positions = new HashMap<>();

    /** What a poll gave for one partition: the first and last record's offsets, and the position after it. */
    record Polled(long first, long last, long next) {

        /** No records; the position may have moved over markers all the same. */
        static Polled none(long next) {
            return new Polled(next, next - 1, next);
        }

        private boolean isEmpty() {
            return last < first;
        }
    }

    private static final class Position {
        private final Object owner;
        private long lastTaken;
        private long applied;
        private long next;

        private Position(Object owner, long first) {
            this.owner = owner;
            this.lastTaken = first - 1;
            this.applied = first - 1;
            this.next = first;
        }

        private long reached() {
            return applied >= lastTaken ? next : applied + 1;
        }
    }

    /** Whether this consumer's position in a partition is known already. */
    synchronized boolean isTracked(Object consumer, TopicPartition partition) {
        var position = positions.get(partition);
        return position != null && position.owner == consumer;
    }

    /** A consumer has polled: it has these partitions, and got this from some of them. */
    synchronized void polled(Object consumer, Set<TopicPartition> assigned, Map<TopicPartition, Polled> polled) {
        var changed = positions
                .entrySet()
                .removeIf(entry -> entry.getValue().owner == consumer && !assigned.contains(entry.getKey()));
        for (var entry : polled.entrySet()) {
            if (assigned.contains(entry.getKey())) {
                take(consumer, entry.getKey(), entry.getValue());
                changed = true;
            }
        }
        if (changed) {
            notifyAll();
        }
    }

    private void take(Object consumer, TopicPartition partition, Polled polled) {
        var position = positions.get(partition);
        if (position == null || position.owner != consumer) {
            position = new Position(consumer, polled.first());
            positions.put(partition, position);
        }
        if (!polled.isEmpty()) {
            position.lastTaken = polled.last();
        }
        position.next = polled.next();
    }

    /** The record at this offset is in the views. */
    synchronized void applied(TopicPartition partition, long offset) {
        var position = positions.get(partition);
        if (position != null) {
            position.applied = offset;
            notifyAll();
        }
    }

    /** Waits until everything before this offset is in the views; false when that did not come in time. */
    synchronized boolean await(TopicPartition partition, long end, Duration atMost) throws InterruptedException {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            var position = positions.get(partition);
            if (position != null && position.reached() >= end) {
                return true;
            }
            var left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // A millisecond at least: timedWait rounds down, and would spin.
            TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
    }
}
