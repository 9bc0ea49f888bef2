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

    private final Map<String, Watch> watched = new ConcurrentHashMap<>();

    /** It is another one now. */
    void changed(String executionId) {
        var watch = watched.remove(executionId);
        if (watch != null) {
            watch.change.countDown();
        }
    }

    /** Begins to watch; to be asked for before a look, so that what changes after the look is not missed. */
    Watch watch(String executionId) {
        return watched.compute(executionId, (id, watch) -> {
            var shared = watch == null ? new Watch(id) : watch;
            shared.waiting++;
            return shared;
        });
    }

    /** A wait for the next change of one execution, which all who wait for it share; the last of them ends it. */
    final class Watch implements AutoCloseable {
        private final String executionId;
        private final CountDownLatch change;
        private int waiting;

        private Watch(String executionId) {
            this.executionId = executionId;
            this.change = new CountDownLatch(watched.size() < MOST ? 1 : 0);
        }

        /** False if there was no change in time. */
        boolean await(Duration atMost) throws InterruptedException {
            return !atMost.isNegative() && change.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            watched.computeIfPresent(executionId, (_, watch) -> watch == this && --waiting == 0 ? null : watch);
        }
    }
}
