package io.stepstream.asl.execution;

import java.time.Instant;
import java.util.Optional;

/** Timers, and the rows of what waits for them. */
final class Waits {
    private final StepBuilder step;

    Waits(StepBuilder step) {
        this.step = step;
    }

    /** Puts a frame to sleep until {@code due}; {@code phase} makes its phase of the ticket. */
    void pause(FrameRow frame, Instant due, java.util.function.LongFunction<Phase> phase) {
        var rows = step.rows();
        var ticket = rows.takeTicket();
        rows.put(new WaitRow.Pause(ticket, frame.path(), step.now(), due));
        rows.put(frame.in(phase.apply(ticket)));
        rows.emit(new Effect.StartTimer(ticket, due, TimerKind.WAKE));
    }

    /** A timer has come. One whose ticket is closed, or that was set for another time, is stale. */
    void fire(Command.FireTimer timer) {
        var found = step.rows().findWait(timer.ticket());
        if (found.isEmpty()) {
            return;
        }
        switch (found.get()) {
            case WaitRow.Task task -> step.tasks().fireTimer(task, timer.due());
            case WaitRow.Pause pause -> wake(pause, timer.due());
            case WaitRow.ExecutionDeadline deadline -> step.lifecycle().timeOut(deadline, timer.due());
            case WaitRow.AbandonedChild _, WaitRow.MapRun _, WaitRow.MapTask _ -> {}
        }
    }

    private void wake(WaitRow.Pause pause, Instant due) {
        var rows = step.rows();
        var frame = rows.frame(pause.path());
        if (!pause.due().equals(due) || !step.isAlive(frame.path()) || isAfterDeadline(due)) {
            return;
        }
        rows.deleteWait(pause.ticket());
        rows.push(new Work.Wake(frame.path()));
    }

    /** Lets a frame go on whose timer has come, now or while the execution was paused. */
    void wakeUp(FramePath path) {
        var rows = step.rows();
        var frame = rows.frame(path);
        if (frame.phase() instanceof Phase.BackingOff) {
            rows.put(frame.in(new Phase.Retrying()));
            rows.push(new Work.Run(path));
        } else {
            step.states().wakeUp(frame);
        }
    }

    /**
     * Whether the execution's own time was up before this. Its deadline is on its way, and is later only because it lets through what was
     * appended before it.
     */
    private boolean isAfterDeadline(Instant due) {
        var ticket = step.rows().deadline();
        return ticket.isPresent()
                && step.rows().findWait(ticket.getAsLong()).orElse(null) instanceof WaitRow.ExecutionDeadline deadline
                && deadline.due().isBefore(due);
    }

    /** Ends whatever a frame waits for, because nobody needs it any more. */
    void abort(FrameRow frame) {
        switch (frame.phase()) {
            case Phase.AwaitingTask(var ticket) -> abort(ticket);
            case Phase.Sleeping(var ticket) -> abort(ticket);
            case Phase.BackingOff(var ticket) -> abort(ticket);
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.Joining _,
                    Phase.Mapping _,
                    Phase.Failing _,
                    Phase.Aborting _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> {}
        }
    }

    /** Ends whatever waits under a ticket, if it still does. */
    void abort(long ticket) {
        step.rows().findWait(ticket).ifPresent(wait -> {
            switch (wait) {
                case WaitRow.Task task -> end(task, TaskOutcome.ABORTED);
                case WaitRow.Pause pause -> cancel(ticket, pause.due());
                case WaitRow.ExecutionDeadline deadline -> cancel(ticket, deadline.due());
                case WaitRow.AbandonedChild _, WaitRow.MapRun _, WaitRow.MapTask _ -> {}
            }
        });
    }

    /** Ends a wait that is nothing but a timer. */
    void cancel(long ticket, Instant due) {
        step.rows().emit(new Effect.CancelTimer(ticket, due));
        step.rows().deleteWait(ticket);
    }

    /** Ends a task whose timer, if it has one, has not fired. */
    void end(WaitRow.Task task, TaskOutcome outcome) {
        close(task.ticket(), outcome, task.limit());
        task.timer().ifPresent(due -> step.rows().emit(new Effect.CancelTimer(task.ticket(), due)));
        step.rows().deleteWait(task.ticket());
        switch (outcome) {
            case TIMED_OUT, ABORTED -> step.childTasks().giveUp(task);
            case SUCCEEDED, FAILED -> {}
        }
    }

    /** Tells that a task is over, and the limit that counts it, if one does. */
    void close(long ticket, TaskOutcome outcome, Optional<String> limit) {
        step.rows().emit(new Effect.EndTask(ticket, outcome));
        limit.ifPresent(name -> step.rows().emit(new Effect.ReleaseTask(ticket, name)));
    }

    /** The earlier of two times, of which either may be missing. */
    static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().isBefore(other.get()) ? one : other;
    }
}
