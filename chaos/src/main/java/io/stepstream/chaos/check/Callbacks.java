package io.stepstream.chaos.check;

import io.stepstream.chaos.check.Asked.Answer;
import io.stepstream.chaos.check.Asked.Wait;
import io.stepstream.chaos.check.Steps.Outcome;
import io.stepstream.chaos.check.Steps.Task;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import io.stepstream.schemas.avro.TimerFired;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The deadline rule, seen from each task: the first answer that was appended before the deadline wins, and no other. */
final class Callbacks {
    private final Asked asked;
    private final Consumer<Violation> violations;

    Callbacks(Asked asked, Consumer<Violation> violations) {
        this.asked = asked;
        this.violations = violations;
    }

    /** Judges how a task ended. */
    void check(Wait wait, Task task, Outcome outcome) {
        var answers = asked.answers(wait);
        switch (outcome.command()) {
            case TaskCompleted done
            when outcome.change().equals("SUCCEEDED") && done.getTicket() == wait.ticket() ->
                won(wait, task, outcome, answers, done.getAppended());
            case TaskFailedBy failed
            when outcome.change().equals("FAILED") && failed.getTicket() == wait.ticket() ->
                won(wait, task, outcome, answers, failed.getAppended());
            case TimerFired fired
            when outcome.change().equals("TIMED_OUT") && fired.getTicket() == wait.ticket() ->
                timedOut(wait, outcome, answers, Optional.of(fired.getDue()));
            default -> {
                if (outcome.change().equals("TIMED_OUT") && !task.hasHeartbeat) {
                    timedOut(wait, outcome, answers, task.deadline);
                }
            }
        }
    }

    private void won(Wait wait, Task task, Outcome outcome, List<Answer> answers, Instant appended) {
        if (!answers.isEmpty() && !answers.getFirst().appended().equals(appended)) {
            violated(
                    outcome,
                    wait,
                    " was ended by the answer of " + appended + ", and an earlier one is at "
                            + answers.getFirst().place());
        }
        if (!task.hasHeartbeat && task.deadline.filter(appended::isAfter).isPresent()) {
            violated(
                    outcome,
                    wait,
                    " was ended by an answer of " + appended + ", after its deadline " + task.deadline.get());
        }
    }

    private void timedOut(Wait wait, Outcome outcome, List<Answer> answers, Optional<Instant> deadline) {
        answers.stream()
                .filter(answer -> deadline.filter(answer.appended()::isAfter).isEmpty())
                .findFirst()
                .ifPresent(answer -> violated(
                        outcome,
                        wait,
                        " timed out, though it was answered at " + answer.appended() + " (" + answer.place()
                                + "), not after its deadline "
                                + deadline.map(Instant::toString).orElse("")));
    }

    private void violated(Outcome outcome, Wait wait, String what) {
        violations.accept(
                new Violation(Rule.CALLBACK, outcome.place(), wait.executionId(), "ticket " + wait.ticket() + what));
    }
}
