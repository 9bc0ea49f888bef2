package io.stepstream.orchestrator.views;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whoever waits for more history of an execution. */
final class HistoryWatches {

    /** Executions waited for at once; more waits end at once. */
    private static final int MOST = 20_000;

    private final Map<String, CountDownLatch> more = new ConcurrentHashMap<>();

    /** There is more history of this execution. */
    void happened(String executionId) {
        var waiting = more.remove(executionId);
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /** Asked for before a look, so that what happens after the look is not missed. */
    CountDownLatch next(String executionId) {
        return more.size() < MOST
                ? more.computeIfAbsent(executionId, _ -> new CountDownLatch(1))
                : new CountDownLatch(0);
    }

    /** Waits for what {@link #next} gave; false when that did not come in time. */
    static boolean await(CountDownLatch next, Duration atMost) throws InterruptedException {
        return !atMost.isNegative() && next.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
