package io.stepstream.orchestrator.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * How often a command has been tried that waits for its definition or its task topics.
 *
 * @param number 0 for the first
 * @param since when it was first tried
 */
record Attempt(int number, Instant since) {
    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    static Attempt first(Instant now) {
        return new Attempt(0, now);
    }

    Attempt next() {
        return new Attempt(number + 1, since);
    }

    /** Whether the time is up that a command may wait. */
    boolean isLast(Instant now) {
        return Duration.between(since, now).compareTo(AT_MOST) >= 0;
    }

    /** How long to wait before the next one. */
    Duration delay() {
        var doubled = FIRST_DELAY.multipliedBy(1L << Math.min(number, 10));
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }
}
