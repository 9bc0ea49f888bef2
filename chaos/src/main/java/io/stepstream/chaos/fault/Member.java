package io.stepstream.chaos.fault;

import io.stepstream.load.BenchFailed;
import io.stepstream.load.Child;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/** One process of an installation, which is started again as often as it has ended. Only who holds its lock does anything to it. */
final class Member {
    private static final long READY_SECONDS = 180;
    private static final int ATTEMPTS = 8;

    final ReentrantLock lock = new ReentrantLock();
    private final IntFunction<Child> starting;
    private volatile Child process;
    private int starts;

    /** Starts it; it is at work when it has been {@linkplain #awaitReady said}. */
    Member(IntFunction<Child> starting) {
        this.starting = starting;
        this.process = starting.apply(0);
    }

    Child process() {
        return process;
    }

    void awaitReady() throws InterruptedException {
        process.said("ready", READY_SECONDS);
    }

    /** Starts it again, as what keeps services running does: until it is at work. */
    void startAgain() throws InterruptedException {
        for (var attempt = 1; ; attempt++) {
            process = starting.apply(++starts);
            try {
                awaitReady();
                return;
            } catch (BenchFailed e) {
                process.kill();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
