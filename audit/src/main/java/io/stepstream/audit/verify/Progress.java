package io.stepstream.audit.verify;

import java.util.concurrent.atomic.LongAdder;

/** How far a run has come; may be read by another thread at any time. */
public final class Progress {
    private final LongAdder done = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder open = new LongAdder();
    private volatile long total;
    private volatile Phase phase = Phase.PREPARING;

    /** What is being done. */
    public enum Phase {
        /** Definitions and checkpoints are read. */
        PREPARING,
        /** Keys, history and statuses are read, and steps run again. */
        READING,
        /** A partition has been read to its end, and the executions that something is open of are looked at, one after the other. */
        CLOSING
    }

    void expect(long records) {
        total = records;
        phase = Phase.READING;
    }

    /** Counts what an earlier run has read already. */
    void skip(long records) {
        done.add(records);
        skipped.add(records);
    }

    void advance(long records) {
        done.add(records);
    }

    /** Counts an execution that something is open of. */
    void open() {
        open.increment();
        if (done() >= total) {
            phase = Phase.CLOSING;
        }
    }

    public Phase phase() {
        return phase;
    }

    /** Records read, and markers of transactions passed. */
    public long done() {
        return done.sum();
    }

    /** Those of them that an earlier run has read. */
    public long skipped() {
        return skipped.sum();
    }

    /** Records and markers to be read. */
    public long total() {
        return total;
    }

    /** Executions that something was open of, and that were looked at for it. */
    public long executionsClosed() {
        return open.sum();
    }
}
