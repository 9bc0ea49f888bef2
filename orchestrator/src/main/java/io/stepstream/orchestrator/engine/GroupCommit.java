package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.Idleness;
import java.time.Duration;

/**
 * When a task asks for a commit: when there is something to commit, and its stream thread has had nothing to do for a tick. While records come,
 * they share a commit, by the commit interval; when there is a pause, nobody waits for the interval. A commit is one of all tasks of the thread, so
 * a partition that is quiet does not cut short what another one is at. Used by one thread.
 */
public final class GroupCommit {
    /** How often {@link #isDue} is to be asked, by the wall clock. */
    public static final Duration TICK = Duration.ofMillis(1);

    private boolean uncommitted;

    /** Something was done that is to be committed. */
    public void processed() {
        uncommitted = true;
        Idleness.worked();
    }

    /** Whether to ask for a commit now; to be asked once a tick. */
    public boolean isDue() {
        var due = uncommitted && Idleness.isLongerThan(TICK);
        uncommitted &= !due;
        return due;
    }

    /** There is nothing to commit any more: the transaction was aborted, or its partition has gone. */
    public void reset() {
        uncommitted = false;
    }
}
