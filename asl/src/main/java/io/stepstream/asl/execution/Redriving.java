package io.stepstream.asl.execution;

import io.stepstream.asl.execution.History.Details;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an execution that did not end well goes on: its root frame's state is run again without being entered again, with nothing of
 * its retries used up. What had ended well inside a Parallel or Map state is run again too.
 */
final class Redriving {
    /** How long after its end an execution can be redriven, by AWS's quota. */
    static final Duration WINDOW = Duration.ofDays(14);

    private final StepBuilder step;

    Redriving(StepBuilder step) {
        this.step = step;
    }

    void redrive() {
        var rows = step.rows();
        if (!rows.exists()) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.EXECUTION_DOES_NOT_EXIST,
                    "Execution Does Not Exist: it was never started, or its retention is over"));
            return;
        }
        var obstacle = obstacle();
        if (obstacle.isPresent()) {
            rows.answer(new Verdict.Refused(Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, obstacle.get()));
            return;
        }
        var root = rows.frame(FramePath.ROOT);
        rows.redriven();
        var event = step.history()
                .add(
                        root.previousEventId(),
                        HistoryEventType.EXECUTION_REDRIVEN,
                        Details.none().number("redriveCount", rows.redrives().count()));
        step.lifecycle().startDeadline();
        rows.put(root.after(event).retried(List.of()).in(new Phase.Retrying()));
        rows.push(new Work.Run(FramePath.ROOT));
        rows.answer(new Verdict.Accepted(step.now()));
    }

    /** Why the execution cannot be redriven, in AWS's words where they are known. */
    private Optional<String> obstacle() {
        var rows = step.rows();
        var status = rows.ended().map(end -> end.status().name()).orElse("RUNNING");
        if (rows.ended().isEmpty() || status.equals("SUCCEEDED")) {
            return Optional.of("Execution is " + status + " and cannot be redriven");
        }
        if (rows.identity().kind() != ExecutionIdentity.Kind.STANDARD) {
            return Optional.of("Executions of EXPRESS state machines cannot be redriven");
        }
        if (rows.parent().filter(parent -> parent.interest().inEnd()).isPresent()) {
            return Optional.of("The execution belongs to another one, which has gone on without it");
        }
        if (rows.findFrame(FramePath.ROOT).isEmpty()
                || rows.ended().orElseThrow().at().plus(WINDOW).isBefore(step.now())) {
            return Optional.of("The execution's redrivable period is over");
        }
        return rows.nextEventId() + 1 < step.inputs().limits().historyEvents()
                ? Optional.empty()
                : Optional.of("The execution's history is too long for a redrive");
    }
}
