package io.stepstream.asl.execution;

import java.util.Optional;

/** What a frame is doing. */
public sealed interface Phase {

    /** About to enter its state; only a frame on the agenda is in this phase. */
    record Ready() implements Phase {}

    /**
     * About to run its state once more without entering it again; only a frame on the agenda is in this phase. Of a Map run's child, that
     * it has been asked to go on, and has not said yet that it does.
     */
    record Retrying() implements Phase {}

    /** A task has been asked for under this ticket. */
    record AwaitingTask(long ticket) implements Phase {}

    /** In a Wait state, until this ticket's timer fires. */
    record Sleeping(long ticket) implements Phase {}

    /** Its state has failed and is retried when this ticket's timer fires. */
    record BackingOff(long ticket) implements Phase {}

    /**
     * Its children run. Its data are empty meanwhile, and its state's input is in a row of its own.
     *
     * @param total how many children there are to be
     * @param started how many have been created, from the first
     * @param ended how many of those have ended well, or have failed and are tolerated
     * @param concurrency how many may run at once
     * @param tolerated how many more may fail
     */
    record Joining(int total, int started, int ended, int concurrency, int tolerated) implements Phase {

        /** So many children, all at once, none of which may fail. */
        static Joining all(int total) {
            return new Joining(total, 0, 0, total, 0);
        }

        /** Whether another child may be created now. */
        boolean hasRoom() {
            return started < total && started - ended < concurrency;
        }

        Joining oneStarted() {
            return new Joining(total, started + 1, ended, concurrency, tolerated);
        }

        Joining oneEnded() {
            return new Joining(total, started, ended + 1, concurrency, tolerated);
        }

        Joining oneTolerated() {
            return new Joining(total, started, ended + 1, concurrency, tolerated - 1);
        }
    }

    /** A Map run goes on under this ticket; its children are executions of their own. */
    record Mapping(long ticket) implements Phase {}

    /**
     * A child has failed; once the others are aborted, the frame's own state fails with this failure.
     *
     * @param children how many children may have rows, from the first
     * @param resumed what it goes on in when the execution, which ends by this, is redriven; empty if its children are not kept for that
     */
    record Failing(int children, Failure failure, Optional<Phase> resumed) implements Phase {}

    /**
     * It ends together with an outer frame, once its children are aborted.
     *
     * @param children how many children may have rows, from the first
     * @param resumed what it goes on in when the execution, which ends by this, is redriven; empty if its children are not kept for that
     */
    record Aborting(int children, Optional<Phase> resumed) implements Phase {}

    /**
     * An iteration to come: its data are the array of its item and of the items of those behind it.
     *
     * @param count how many items there are
     */
    record Pending(int count) implements Phase {}

    /** A child that has ended well and waits to be joined; its data are its result. */
    record Ended() implements Phase {}

    /**
     * The execution failed, timed out or was stopped while the frame was in its state, or about to enter it: where a redrive begins. Of a
     * Map run's child, that it did not end well.
     */
    record Halted() implements Phase {}

    /**
     * The execution failed, timed out or was stopped while the frame's children ran: a redrive lets those go on that had not ended well.
     *
     * @param resumed what it goes on in, {@link Joining} or {@link Mapping}
     */
    record Suspended(Phase resumed) implements Phase {}

    /** Whether nothing is going on that would have to be aborted: it is to come, or over, or stands still until a redrive. */
    default boolean isAtRest() {
        return switch (this) {
            case Pending _, Ended _, Halted _, Suspended _ -> true;
            case Ready _,
                    Retrying _,
                    AwaitingTask _,
                    Sleeping _,
                    BackingOff _,
                    Joining _,
                    Mapping _,
                    Failing _,
                    Aborting _ -> false;
        };
    }
}
