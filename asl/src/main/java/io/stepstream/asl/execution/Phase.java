package io.stepstream.asl.execution;

/** What a frame is doing. */
public sealed interface Phase {

    /** About to enter its state; only a frame on the agenda is in this phase. */
    record Ready() implements Phase {}

    /** About to run its state once more without entering it again; only a frame on the agenda is in this phase. */
    record Retrying() implements Phase {}

    /** A task has been asked for under this ticket. */
    record AwaitingTask(long ticket) implements Phase {}

    /** In a Wait state, until this ticket's timer fires. */
    record Sleeping(long ticket) implements Phase {}

    /** Its state has failed and is retried when this ticket's timer fires. */
    record BackingOff(long ticket) implements Phase {}

    /**
     * Its children run.
     *
     * @param total how many children there are to be
     * @param started how many have been created, from the first
     * @param ended how many of those have ended well
     */
    record Joining(int total, int started, int ended) implements Phase {}

    /**
     * A child has failed; once the others are aborted, the frame's own state fails with that child's failure.
     *
     * @param started how many children have been created, from the first
     */
    record Failing(int started, Failure failure) implements Phase {}

    /**
     * It ends together with an outer frame, once its children are aborted.
     *
     * @param started how many children have been created, from the first
     */
    record Aborting(int started) implements Phase {}

    /** A child that has ended well and waits to be joined; its data are its result. */
    record Ended() implements Phase {}

    /** The execution failed, timed out or was stopped while the root frame was in its state: where a redrive begins. */
    record Halted() implements Phase {}
}
