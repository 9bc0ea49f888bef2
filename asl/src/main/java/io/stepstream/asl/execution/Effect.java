package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An output of the interpreter, carried out by the shell in the transaction that stores the step. */
public sealed interface Effect {

    /**
     * Ask for a task.
     *
     * @param name the registered task name that the request goes to
     * @param resource the state's resource, as written in the definition
     * @param input what the worker gets
     * @param token the task token, as the worker gets it
     * @param deadline when the task times out, by its timeout or by its first heartbeat, whichever is earlier
     * @param heartbeat how often the worker must be heard of
     * @param attempt 0, then one more for every retry
     * @param turn whether the request waits for its turn; if it does, {@link ReleaseTask} follows when it is over
     */
    record RequestTask(
            long ticket,
            FramePath path,
            String state,
            String name,
            String resource,
            Document input,
            String token,
            Optional<Instant> deadline,
            Optional<Duration> heartbeat,
            int attempt,
            Turn turn)
            implements Effect {}

    /** When a request is sent. */
    enum Turn {
        AT_ONCE,
        /** When fewer tasks of its name are out than may be, after those that have asked before. */
        IN_ORDER
    }

    /** Start another execution, which then tells {@code parent} of itself. */
    record StartChild(String executionArn, String name, ChildMachine machine, Document input, Parent parent)
            implements Effect {}

    /** Tell an execution that was started under this ticket that nobody needs it any more. */
    record CancelChild(String executionArn, long ticket) implements Effect {}

    /** Tell a child of a Map run, which has ended and not well, to go on; it then tells {@code parent} of itself. */
    record RedriveChild(String executionArn, Parent parent) implements Effect {}

    /** Tell the execution that started this one. */
    record TellParent(Parent parent, ChildReport report) implements Effect {}

    /** A task is over: nobody waits for its ticket any more. */
    record EndTask(long ticket, TaskOutcome outcome) implements Effect {}

    /** A task that was asked for in order is over: whether its request was sent or still waits, it counts no longer. */
    record ReleaseTask(long ticket, String name) implements Effect {}

    /** Fire {@link Command.FireTimer} with this ticket when {@code due} has come. */
    record StartTimer(long ticket, Instant due, TimerKind kind) implements Effect {}

    /** Forget the timer that was started for this ticket and this time. */
    record CancelTimer(long ticket, Instant due) implements Effect {}

    /** Append to the execution's history. */
    record RecordHistory(HistoryEvent event) implements Effect {}

    /** Answer whoever waits for this command. At most one a step. */
    record Answer(Verdict verdict) implements Effect {}

    /** Send {@link Command.Continue} to this execution. */
    record Continue(long ticket) implements Effect {}

    /** Send {@link Command.Continue} to this execution once its state machine is no longer paused. */
    record AwaitResume(long ticket) implements Effect {}

    /**
     * Send {@link Command.Continue} to this execution once fewer of its state machine's run than may, after those that have asked before;
     * {@link ReleaseTurn} follows when it is over.
     */
    record AwaitTurn(long ticket) implements Effect {}

    /** The execution that has awaited its turn under this ticket has ended: whether it was its turn or not, it counts no longer. */
    record ReleaseTurn(long ticket) implements Effect {}

    /** The execution has ended. */
    record Close(Outcome outcome) implements Effect {}
}
