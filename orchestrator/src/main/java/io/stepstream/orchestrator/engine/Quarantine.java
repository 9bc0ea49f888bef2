package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The step that takes the place of one that the interpreter could not make: the execution fails, its other rows stay for us to look at. */
final class Quarantine {
    static final String ERROR = "Stepstream.InternalError";

    private Quarantine() {}

    static Step step(StepRun run, String cause) {
        var before = run.rows().execution();
        if (before.flatMap(ExecutionRow::ended).isPresent()) {
            return new Step(List.of(), List.of());
        }
        var row = before.orElseGet(() -> unstarted(run));
        var outcome = new Outcome.Failed(Optional.of(ERROR), Optional.of(cause));
        var details = new LinkedHashMap<String, HistoryEvent.Detail>();
        details.put("error", new HistoryEvent.Detail.Text(ERROR));
        details.put("cause", new HistoryEvent.Detail.Text(cause));
        var event = new HistoryEvent(
                row.nextEventId(),
                run.rows().frame(FramePath.ROOT).map(FrameRow::previousEventId).orElse(0L),
                HistoryEventType.EXECUTION_FAILED,
                details);
        var ended = new ExecutionRow(
                row.identity(),
                row.inputHash(),
                row.started(),
                row.nextTicket(),
                row.nextEventId() + 1,
                List.of(),
                OptionalLong.empty(),
                row.deadline(),
                Optional.empty(),
                Optional.of(new ExecutionRow.Ended(ExecutionStatus.FAILED, run.now())));
        return new Step(
                List.of(new RowChange.PutExecution(ended)),
                List.of(new Effect.RecordHistory(event), new Effect.Close(outcome)));
    }

    private static ExecutionRow unstarted(StepRun run) {
        var inputHash = run.command() instanceof Command.Start start
                ? Hashes.sha256(start.input().text())
                : "";
        return new ExecutionRow(
                run.identity(),
                inputHash,
                run.now(),
                0,
                1,
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
