package io.stepstream.chaos.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** How long it takes after a kill until every partition works again: until each has committed a status that it made after the kill. */
final class Recovery {
    private final int partitions;
    private final List<Kill> open = new ArrayList<>();
    private Optional<Duration> slowest = Optional.empty();

    private record Kill(Instant at, BitSet resumed) {}

    Recovery(int partitions) {
        this.partitions = partitions;
    }

    synchronized void killed(Instant at) {
        open.add(new Kill(at, new BitSet(partitions)));
    }

    synchronized void disturbed() {
        open.clear();
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
                var took = Duration.between(kill.at(), now);
                slowest = slowest.filter(longest -> longest.compareTo(took) >= 0).or(() -> Optional.of(took));
                kills.remove();
            }
        }
    }

    synchronized Optional<Duration> slowest() {
        return slowest;
    }
}
