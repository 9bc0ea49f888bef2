package io.stepstream.gateway.engine;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;

/** Asks the brokers whether they are there. Whoever asks while somebody else does gets the same answer. */
final class ClusterPulse {

    private static final Duration WITHIN = Duration.ofMillis(1500);

    /** How long an answer is good for: many polls become doubtful at the same time. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private final Admin admin;
    private final ReentrantLock lock = new ReentrantLock();
    private long askedAt = System.nanoTime() - FRESH.toNanos();
    private boolean isThere;

    ClusterPulse(Admin admin) {
        this.admin = admin;
    }

    /** Whether one of them answers soon: whoever asks has to tell a client within 5 s. */
    boolean isThere() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (System.nanoTime() - askedAt >= FRESH.toNanos()) {
                isThere = answers();
                askedAt = System.nanoTime();
            }
            return isThere;
        } finally {
            lock.unlock();
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            var unused = admin.describeCluster().clusterId().get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
