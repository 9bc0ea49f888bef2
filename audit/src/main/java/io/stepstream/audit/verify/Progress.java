package io.stepstream.audit.verify;

import java.util.concurrent.atomic.LongAdder;

/** How far a run has come; may be read by another thread at any time. */
public final class Progress {
    private final LongAdder done = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private volatile long total;

    void expect(long records) {
        total = records;
    }

    /** Counts what an earlier run has read already. */
    void skip(long records) {
        done.add(records);
        skipped.add(records);
    }

    void record() {
        done.increment();
    }

    /** Records read. */
    public long done() {
        return done.sum();
    }

    /** Those of them that an earlier run has read. */
    public long skipped() {
        return skipped.sum();
    }

    /** Records to be read, about: markers of transactions count too. */
    public long total() {
        return total;
    }
}
