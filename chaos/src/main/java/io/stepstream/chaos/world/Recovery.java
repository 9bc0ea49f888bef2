package io.stepstream.chaos.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How long it takes after a kill until every partition works again: until each has committed a status that it made after the kill, and it
 * could be read. Of a partition that nothing is done in meanwhile this would say too much: there must be work for each.
 */
final class Recovery {
    private final int partitions;
    private final List<Kill> open = new ArrayList<>();
    private Optional<Duration> slowest = Optional.empty();
    private Optional<Duration> last = Optional.empty();

    private record Kill(Instant at, BitSet resumed) {}

    Recovery(int partitions) {
        this.partitions = partitions;
    }

    synchronized void killed(Instant at) {
        open.add(new Kill(at, new BitSet(partitions)));
    }

    synchronized void disturbed() {
        open.clear();
        last = Optional.empty();
        notifyAll();
    }

    /**
     * Waits until every partition works again, or something else happens; a time as long as this is a recovery that took as long.
     *
     * @return how long the last recovery took, if nothing else has happened
     */
    synchronized Optional<Duration> await(Duration atMost) throws InterruptedException {
        var until = System.nanoTime() + atMost.toNanos();
        while (!open.isEmpty()) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                open.clear();
                took(atMost);
                return last;
            }
            wait(left);
        }
        return last;
    }

    private void took(Duration time) {
        last = Optional.of(time);
        slowest = slowest.filter(longest -> longest.compareTo(time) >= 0).or(() -> Optional.of(time));
    }

    /** A committed status of this time has been read. */
    synchronized void seen(int partition, long timestamp) {
        var now = Instant.now();
        for (var kills = open.iterator(); kills.hasNext(); ) {
            var kill = kills.next();
            if (timestamp > kill.at().toEpochMilli()) {
                kill.resumed().set(partition);
            }
            if (kill.resumed().cardinality() == partitions) {
                took(Duration.between(kill.at(), now));
                kills.remove();
                notifyAll();
            }
        }
    }

    synchronized Optional<Duration> slowest() {
        return slowest;
    }
}
