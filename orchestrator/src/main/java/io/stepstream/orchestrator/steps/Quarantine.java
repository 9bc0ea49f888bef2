package io.stepstream.orchestrator.steps;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The step that takes the place of one that the interpreter could not make: the execution fails, its other rows stay for us to look at. */
public final class Quarantine {
    /** The error that a quarantined execution fails with. */
    public static final String ERROR = "Stepstream.InternalError";

    private Quarantine() {}

    /** The step that ends an execution because the interpreter failed; nothing if it has ended. */
    public static Step step(StepRun run, String cause) {
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
        var effects = new ArrayList<Effect>();
        effects.add(new Effect.RecordHistory(event));
        effects.add(new Effect.Close(outcome));
        row.parent()
                .filter(parent -> parent.interest().inEnd())
                .ifPresent(parent -> effects.add(end(run, row, parent, outcome)));
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
                Optional.of(new ExecutionRow.Ended(ExecutionStatus.FAILED, run.now())),
                row.parent());
        return new Step(List.of(new RowChange.PutExecution(ended)), effects);
    }

    /** The parent hears of this end as of any other; without its input, which may be what the interpreter failed at. */
    private static Effect end(StepRun run, ExecutionRow row, Parent parent, Outcome outcome) {
        var identity = row.identity();
        return new Effect.TellParent(
                parent,
                new ChildReport.Ended(
                        identity.arn(),
                        identity.name(),
                        identity.stateMachineArn(),
                        Optional.empty(),
                        row.started(),
                        run.now(),
                        outcome,
                        parent.item().map(Parent.MapItem::items).orElse(0)));
    }

    private static ExecutionRow unstarted(StepRun run) {
        var inputHash =
                run.startInput().map(input -> Hashes.sha256(input.text())).orElse("");
        var parent = run.command() instanceof Command.StartChild start
                ? Optional.of(start.parent().stored())
                : Optional.<Parent>empty();
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
                Optional.empty(),
                parent);
    }
}
