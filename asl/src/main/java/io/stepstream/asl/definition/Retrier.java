package io.stepstream.asl.definition;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One entry of a Retry list, its defaults filled in. */
public record Retrier(
        ErrorEquals errorEquals,
        long intervalSeconds,
        int maxAttempts,
        double backoffRate,
        Optional<Long> maxDelaySeconds,
        Jitter jitter) {

    /** Longest delay when MaxDelaySeconds sets none: the largest MaxDelaySeconds there may be. */
    private static final double LONGEST_SECONDS = 31_622_400;

    /** The JitterStrategy. */
    public enum Jitter {
        NONE,
        FULL
    }

    /**
     * How long to wait before a retry.
     *
     * @param retries how often this retrier has been used since the state was entered: 0 before the first retry
     * @param random draws the jitter, where there is one
     */
    public Duration delay(int retries, RandomGenerator random) {
        var longest = maxDelaySeconds.map(Long::doubleValue).orElse(LONGEST_SECONDS);
        var seconds = Math.min(intervalSeconds * Math.pow(backoffRate, retries), longest);
        var drawn = switch (jitter) {
            case NONE -> seconds;
            case FULL -> seconds * random.nextDouble();
        };
        return Duration.ofMillis(Math.round(drawn * 1000));
    }
}
