package io.stepstream.chaos.check;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a log is not at rest: something will still happen in it by itself, so that what is open may yet come to its end.
 *
 * @param running executions that have not ended
 * @param queued what waits for its turn at a limit
 * @param timers timers of executions that run, which are still to fire
 * @param unread records of the engine's inputs that it has still to read
 * @param transactions partitions in which a transaction is open
 * @param log whether the records that were read are those of one moment
 */
public record Unrest(int running, int queued, int timers, long unread, int transactions, Log log) {

    /** What the records are that were read. */
    public enum Log {
        /** All that there was in a moment: each transaction whole, or not there. */
        STOOD_STILL,
        /** Some of them came while others had been read, or cannot be read yet: nothing can be said of what is missing. */
        MOVED
    }

    @Override
    public String toString() {
        return Stream.of(
                        running + " executions running",
                        queued + " queued at limits",
                        timers + " timers to fire",
                        unread + " commands unread",
                        "transactions open in " + transactions + " partitions")
                .collect(Collectors.joining(", "));
    }
}
