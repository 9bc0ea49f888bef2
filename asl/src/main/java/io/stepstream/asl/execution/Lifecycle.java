package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.History.Details;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How an execution begins and ends. */
final class Lifecycle {
    private final StepBuilder step;

    Lifecycle(StepBuilder step) {
        this.step = step;
    }

    void start(Command.Start start) {
        var rows = step.rows();
        var hash = sha256(start.input());
        if (rows.exists()) {
            var same = rows.ended().isEmpty() && rows.inputHash().equals(hash);
            rows.answer(
                    same
                            ? new Verdict.Accepted(rows.started())
                            : new Verdict.Refused(
                                    Verdict.Refusal.EXECUTION_ALREADY_EXISTS,
                                    "Execution Already Exists: '"
                                            + rows.identity().arn() + "'"));
            return;
        }
        rows.begin(start.identity(), hash, start.input());
        step.history()
                .add(
                        0,
                        HistoryEventType.EXECUTION_STARTED,
                        Details.none()
                                .data("input", start.input())
                                .text("roleArn", start.identity().roleArn()));
        step.inputs().machine().timeoutSeconds().ifPresent(this::startDeadline);
        rows.put(new FrameRow(
                FramePath.ROOT,
                step.inputs().machine().startAt(),
                start.input(),
                Map.of(),
                new Phase.Ready(),
                0,
                0,
                step.now(),
                List.of(),
                Optional.empty()));
        rows.push(new Work.Run(FramePath.ROOT));
        rows.answer(new Verdict.Accepted(step.now()));
    }

    private void startDeadline(long seconds) {
        var due = step.now().plusSeconds(seconds);
        var ticket = step.rows().takeTicket();
        step.rows().deadline(OptionalLong.of(ticket));
        step.rows().put(new WaitRow.ExecutionDeadline(ticket, due));
        step.rows().emit(new Effect.StartTimer(ticket, due, TimerKind.DEADLINE));
    }

    void stop(Command.Stop stop) {
        var rows = step.rows();
        if (!rows.exists()) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.EXECUTION_DOES_NOT_EXIST,
                    "Execution Does Not Exist: it was never started, or its retention is over"));
            return;
        }
        if (rows.running()) {
            close(new Outcome.Aborted(stop.error(), stop.cause()));
        }
        rows.answer(
                new Verdict.Accepted(rows.ended().map(ExecutionRow.Ended::at).orElse(step.now())));
    }

    void timeOut(WaitRow.ExecutionDeadline wait, Instant due) {
        if (wait.due().equals(due) && step.rows().running()) {
            step.rows().deleteWait(wait.ticket());
            step.rows().deadline(OptionalLong.empty());
            close(new Outcome.TimedOut());
        }
    }

    void succeed(FrameRow root, Document output) {
        step.history()
                .addLast(
                        root.previousEventId(),
                        HistoryEventType.EXECUTION_SUCCEEDED,
                        Details.none().data("output", output));
        step.rows().deleteFrame(FramePath.ROOT);
        step.rows().deleteInput();
        end(new Outcome.Succeeded(output));
    }

    /** Ends the execution in another way than by its last state: at once, or once all children are aborted. */
    void close(Outcome outcome) {
        var rows = step.rows();
        rows.closing(Optional.of(outcome));
        rows.dropWork(FramePath.ROOT);
        var root = rows.frame(FramePath.ROOT);
        if (step.children().startAborting(root, root.previousEventId())) {
            return;
        }
        step.waits().abort(root);
        conclude();
    }

    /** Ends a closing execution whose children, if it had any, are aborted. */
    void conclude() {
        var rows = step.rows();
        var outcome = rows.closing().orElseThrow();
        var root = rows.frame(FramePath.ROOT);
        rows.put(root.in(new Phase.Halted()));
        switch (outcome) {
            case Outcome.Failed(var error, var cause) ->
                step.history()
                        .addLast(
                                root.previousEventId(),
                                HistoryEventType.EXECUTION_FAILED,
                                Details.none().text("error", error).text("cause", cause));
            case Outcome.TimedOut() -> step.history().addLast(0, HistoryEventType.EXECUTION_TIMED_OUT, Details.none());
            case Outcome.Aborted(var error, var cause) ->
                step.history()
                        .addLast(
                                0,
                                HistoryEventType.EXECUTION_ABORTED,
                                Details.none().text("error", error).text("cause", cause));
            case Outcome.Succeeded _ -> throw new IllegalStateException("a success does not close, it succeeds");
        }
        end(outcome);
    }

    private void end(Outcome outcome) {
        var rows = step.rows();
        rows.deadline().ifPresent(step.waits()::abort);
        rows.deadline(OptionalLong.empty());
        rows.closing(Optional.empty());
        rows.dropWork(FramePath.ROOT);
        rows.ended(outcome.status());
        rows.emit(new Effect.Close(outcome));
    }

    private static String sha256(Document input) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(input.text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
