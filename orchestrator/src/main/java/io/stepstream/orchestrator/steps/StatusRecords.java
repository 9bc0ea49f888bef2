package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.RedriveObstacles;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the record of an execution's last status, for the steps that change it: the first, the last, and those that pause and resume. */
public final class StatusRecords {
    private StatusRecords() {}

    /**
     * The status that a step makes known, before its rows are applied.
     *
     * @param number of the step in the execution's history
     */
    public static Optional<ExecutionStatus> of(StepRun run, Step step, long number) {
        return step.effects().stream()
                .flatMap(effect -> effect instanceof Effect.Close(var outcome) ? Stream.of(outcome) : Stream.empty())
                .findFirst()
                .map(outcome -> closed(run, step, number, outcome))
                .or(() -> started(run, step, number));
    }

    /** The first step, and every one that lets an ended execution go on, or pauses or resumes one. */
    private static Optional<ExecutionStatus> started(StepRun run, Step step, long number) {
        var before = run.rows().execution();
        var goesOn = before.isEmpty()
                || before.get().ended().isPresent()
                        && row(run, step).filter(row -> row.ended().isEmpty()).isPresent()
                || isPauseChanged(before.get(), row(run, step).orElseThrow());
        if (!goesOn || step.rows().isEmpty()) {
            return Optional.empty();
        }
        var paused = row(run, step).flatMap(ExecutionRow::paused);
        return Optional.of(status(run, step, number)
                .setStatus("RUNNING")
                .setPausedAt(paused.map(ExecutionRow.Paused::since).orElse(null))
                .setPausedBy(paused.map(ExecutionRow.Paused::by).orElse(""))
                .build());
    }

    /** What has ended is not shown as paused, though a redrive would find it so. */
    private static boolean isPauseChanged(ExecutionRow before, ExecutionRow after) {
        return after.ended().isEmpty() && !before.paused().equals(after.paused());
    }

    private static ExecutionStatus closed(StepRun run, Step step, long number, Outcome outcome) {
        var obstacle = row(run, step)
                .filter(_ -> !(outcome instanceof Outcome.Succeeded))
                .flatMap(row -> RedriveObstacles.of(row, run.limits()));
        var status = status(run, step, number)
                .setStatus(outcome.status().name())
                .setStopDate(run.now())
                .setRedriveObstacle(obstacle.orElse(null));
        return switch (outcome) {
            case Outcome.Succeeded(var output) ->
                status.setOutput(Payloads.of(output.text())).build();
            case Outcome.Failed(var error, var cause) ->
                status.setError(error.orElse(null)).setCause(cause.orElse(null)).build();
            case Outcome.TimedOut() -> status.build();
            case Outcome.Aborted(var error, var cause) ->
                status.setError(error.orElse(null)).setCause(cause.orElse(null)).build();
        };
    }

    private static ExecutionStatus.Builder status(StepRun run, Step step, long number) {
        var identity = run.identity();
        var row = row(run, step);
        var redrives = row.map(ExecutionRow::redrives).orElse(ExecutionRow.Redrives.NONE);
        var item = run.parent().flatMap(Parent::item);
        return ExecutionStatus.newBuilder()
                .setKind(identity.kind().name())
                .setVersionArn(
                        identity.version().map(ExecutionIdentity.Version::arn).orElse(null))
                .setAliasArn(identity.version()
                        .flatMap(ExecutionIdentity.Version::aliasArn)
                        .orElse(null))
                .setMapRunArn(item.map(Parent.MapItem::runArn).orElse(null))
                .setItemCount(item.map(Parent.MapItem::items).orElse(null))
                .setExecutionArn(identity.arn())
                .setName(identity.name())
                .setStateMachineArn(identity.stateMachineArn())
                .setRevision(identity.revision())
                .setStartDate(row.map(ExecutionRow::started).orElse(run.now()))
                .setRedriveCount(redrives.count())
                .setRedriveDate(redrives.last().orElse(null))
                .setInput(input(run).map(Document::text).map(Payloads::of).orElse(null))
                .setStep(number);
    }

    /** The execution's row as the step leaves it. */
    private static Optional<ExecutionRow> row(StepRun run, Step step) {
        return step.rows().stream()
                .flatMap(change -> change instanceof RowChange.PutExecution(var row) ? Stream.of(row) : Stream.empty())
                .findFirst()
                .or(() -> run.rows().execution());
    }

    private static Optional<Document> input(StepRun run) {
        return run.startInput().or(() -> run.rows().input());
    }
}
