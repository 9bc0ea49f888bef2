package io.stepstream.chaos.check;

import java.time.Instant;
import java.util.Set;

/**
 * How far an installation was in a moment.
 *
 * @param at the moment
 * @param ends where each partition ended, transactions that are open included
 * @param unread records of the engine's inputs that it had still to read
 * @param transactions partitions in which a transaction was open: what lies behind its begin was not to be read
 */
public record Moment(Instant at, Set<Place> ends, long unread, int transactions) {

    public Moment {
        ends = Set.copyOf(ends);
    }

    /** Whether nothing is on its way in the topics. */
    boolean isRead() {
        return unread == 0 && transactions == 0;
    }
}
