package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** An input to the interpreter. */
public sealed interface Command {

    /** Begin the execution. A second start with the same input answers as the first did; with another input it is refused. */
    record Start(ExecutionIdentity identity, Document input) implements Command {}

    /** Begin the execution as a child of another one, which hears of it; nobody else waits for the verdict. */
    record StartChild(ExecutionIdentity identity, Document input, Parent parent) implements Command {}

    /** The parent gives this execution up. Stale unless it waits for it under this ticket. */
    record CancelChild(String parentArn, long ticket) implements Command {}

    /**
     * A child of this execution tells of itself.
     *
     * @param binding what the wait of this ticket is bound to; must equal the one in its row
     * @param item index of the item of a Map run that the child is
     * @param appended when the report reached the log
     */
    record HearOfChild(long ticket, String binding, OptionalInt item, ChildReport report, Instant appended)
            implements Command {}

    /**
     * The task of this ticket succeeded.
     *
     * @param binding what the task's token is bound to; must equal the one in the wait's row
     * @param appended when the result reached the log; after the task's deadline it is late, even if the engine reads it first
     */
    record CompleteTask(long ticket, String binding, Document output, Instant appended) implements Command {}

    /** The task of this ticket failed; a missing error or cause is as AWS allows it. */
    record FailTask(long ticket, String binding, Optional<String> error, Optional<String> cause, Instant appended)
            implements Command {}

    /** A worker has taken the activity task of this ticket; its history names the worker. */
    record StartTask(long ticket, String binding, Optional<String> workerName, Instant appended) implements Command {}

    /** The task of this ticket is still being worked on. */
    record Heartbeat(long ticket, String binding, Instant appended) implements Command {}

    /**
     * Time has come for the timer of this ticket.
     *
     * @param due the time that the timer was set for; a timer for a time that has been changed since is stale
     */
    record FireTimer(long ticket, Instant due) implements Command {}

    /** Somebody stops the execution. */
    record Stop(Optional<String> error, Optional<String> cause) implements Command {}

    /**
     * Somebody has the execution begin nothing more until it is resumed. What it has begun goes on.
     *
     * @param by who, as far as known
     */
    record Pause(String by) implements Command {}

    /** A paused execution goes on. */
    record Resume() implements Command {}

    /**
     * The execution, which did not end well, goes on from the state that it ended in.
     *
     * @param parent the Map run that wants its child to, which then hears of it; of anybody else's wish, none
     */
    record Redrive(Optional<Parent> parent) implements Command {
        /** Somebody redrives the execution. */
        public Redrive() {
            this(Optional.empty());
        }
    }

    /**
     * The Map run of this ticket keeps to other bounds from now on. What is empty stays as it is.
     *
     * @param runArn the run's ARN; a ticket of anything else is refused
     * @param maxConcurrency 0 for no bound but the interpreter's own
     */
    record UpdateMapRun(
            long ticket,
            String runArn,
            Optional<Long> maxConcurrency,
            Optional<Long> toleratedCount,
            Optional<Double> toleratedPercentage)
            implements Command {}

    /** The execution goes on where an earlier step yielded; stale unless its ticket is the outstanding one. */
    record Continue(long ticket) implements Command {}
}
