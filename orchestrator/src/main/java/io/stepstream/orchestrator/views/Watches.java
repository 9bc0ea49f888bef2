package io.stepstream.orchestrator.views;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whoever waits for something about an execution to change: its status, or its history. */
final class Watches {

    /** Executions waited for at once, at most; more waits end at once. */
    private static final int MOST = 20_000;

    private final Map<String, CountDownLatch> changes = new ConcurrentHashMap<>();

    /** It is another one now. */
    void changed(String executionId) {
        var waiting = changes.remove(executionId);
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /** Asked for before a look, so that what changes after the look is not missed. */
    CountDownLatch next(String executionId) {
        return changes.size() < MOST
                ? changes.computeIfAbsent(executionId, _ -> new CountDownLatch(1))
                : new CountDownLatch(0);
    }

    /** Waits for what {@link #next} gave; false when that did not come in time. */
    static boolean await(CountDownLatch next, Duration atMost) throws InterruptedException {
        return !atMost.isNegative() && next.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
