package io.stepstream.worker;

import java.time.Duration;

/** Beats while handlers run: by the wall clock, or by a test's. */
@FunctionalInterface
interface Heart {

    /** Beats again and again, first after one period, until the beating is stopped. */
    Beating every(Duration period, Runnable beat);

    @FunctionalInterface
    interface Beating {
        void stop();
    }
}
