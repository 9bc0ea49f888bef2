package io.stepstream.orchestrator.views;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whoever waits for an execution's status to change. */
final class Watches {
    /** Executions waited for at once, at most; more waits answer at once with what there is. */
    private static final int MOST = 20_000;

    private final Map<String, CountDownLatch> changes = new ConcurrentHashMap<>();

    /** The status of this execution is another one now. */
    void changed(String executionId) {
        var waiting = changes.remove(executionId);
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /** Reads until there is something, or the time is over; reads again only after a change. */
    <T> Optional<T> await(String executionId, Supplier<Optional<T>> read, Duration atMost)
            throws InterruptedException {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            if (changes.size() >= MOST) {
                return read.get();
            }
            // Before the reading, so that no change in between is missed.
            var change = changes.computeIfAbsent(executionId, _ -> new CountDownLatch(1));
            var found = read.get();
            var left = deadline - System.nanoTime();
            if (found.isPresent() || left <= 0 || !change.await(left, TimeUnit.NANOSECONDS)) {
                return found;
            }
        }
    }
}
