package io.stepstream.asl.execution;

import java.util.Optional;

/**
 * How an execution is paused and resumed. While it is paused, whatever would begin something stays on its agenda; answers, deadlines and
 * timers come and are recorded as ever, and an execution with nothing left to begin ends.
 */
final class Pausing {
    private final StepBuilder step;

    Pausing(StepBuilder step) {
        this.step = step;
    }

    /** Pauses the execution; one that is paused stays so since when it was. */
    void pause(Command.Pause pause) {
        var rows = step.rows();
        if (!rows.exists()) {
            refuseAbsent();
        } else if (!rows.running()) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.EXECUTION_NOT_RUNNING,
                    "Execution is "
                            + rows.ended().map(end -> end.status().name()).orElse("about to end")
                            + " and cannot be paused"));
        } else {
            var since = rows.paused().orElseGet(() -> new ExecutionRow.Paused(step.now(), pause.by()));
            rows.paused(Optional.of(since));
            rows.answer(new Verdict.Accepted(since.since()));
        }
    }

    /** Lets the execution go on; one that was not paused does so already, and one that has ended will if it is redriven. */
    void resume() {
        if (!step.rows().exists()) {
            refuseAbsent();
            return;
        }
        step.rows().paused(Optional.empty());
        step.rows().answer(new Verdict.Accepted(step.now()));
    }

    private void refuseAbsent() {
        step.rows()
                .answer(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_DOES_NOT_EXIST,
                        "Execution Does Not Exist: it was never started, or its retention is over"));
    }
}
