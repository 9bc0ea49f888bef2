package io.stepstream.orchestrator;

import java.time.Duration;

/** How long the current stream thread has had nothing to do: its consumer and its processors, which all run on it, tell. */
public final class Idleness {
    /** From one record to the next, and from a step to its commit, it is shorter by far wherever there is load. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private static final ThreadLocal<Idleness> OF_THREAD = ThreadLocal.withInitial(Idleness::new);

    private long workedAt = System.nanoTime();

    private Idleness() {}

    /** This thread has done something. */
    public static void worked() {
        OF_THREAD.get().workedAt = System.nanoTime();
    }

    /** Whether this thread has done nothing for a while. */
    public static boolean isLong() {
        return isLongerThan(LONG);
    }

    /** Whether this thread has done nothing for this time. */
    public static boolean isLongerThan(Duration time) {
        return System.nanoTime() - OF_THREAD.get().workedAt > time.toNanos();
    }
}
