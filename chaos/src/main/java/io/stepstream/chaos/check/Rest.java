package io.stepstream.chaos.check;

import java.time.Duration;
import java.util.function.Predicate;

/** Waits for a log to come to rest. */
public final class Rest {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration STILL = Duration.ofSeconds(2);

    private Rest() {}

    /**
     * Waits until the engine has read everything, no transaction is open, and nothing is written any more.
     *
     * @param patience for how long it is waited
     * @return whether it is so
     */
    public static boolean await(Recording recording, Duration patience) throws InterruptedException {
        return await(recording, patience, Moment::isRead);
    }

    /** The same of a log of which nobody reads any more: until no transaction is open, and nothing is written any more. */
    public static boolean awaitStandstill(Recording recording, Duration patience) throws InterruptedException {
        return await(recording, patience, moment -> moment.transactions() == 0);
    }

    private static boolean await(Recording recording, Duration patience, Predicate<Moment> quiet)
            throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        var last = recording.moment();
        var since = System.nanoTime();
        while (System.nanoTime() < until) {
            Thread.sleep(LOOK);
            var now = recording.moment();
            if (!quiet.test(now) || !now.ends().equals(last.ends())) {
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= STILL.toNanos()) {
                return true;
            }
            last = now;
        }
        return false;
    }
}
