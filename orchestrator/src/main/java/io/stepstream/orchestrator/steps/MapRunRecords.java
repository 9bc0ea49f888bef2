package io.stepstream.orchestrator.steps;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.MapProgress;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.schemas.avro.MapRunItems;
import io.stepstream.schemas.avro.MapRunState;
import java.util.ArrayList;
import java.util.List;

/** What a step's record tells of Map runs, for those who show them. */
final class MapRunRecords {
    private MapRunRecords() {}

    /** The Map runs that a step begins, moves or ends, before its rows are applied. */
    static List<MapRunState> of(StepRun run, Step step) {
        var states = new ArrayList<MapRunState>();
        for (var change : step.rows()) {
            if (change instanceof RowChange.PutWait(WaitRow.MapRun mapRun)) {
                var status = mapRun.stage() instanceof WaitRow.MapStage.Halted(var how) ? how.name() : "RUNNING";
                states.add(state(mapRun, mapRun.progress(), status));
            } else if (change instanceof RowChange.DeleteWait(var ticket)
                    && run.rows().waiting(ticket).orElse(null) instanceof WaitRow.MapRun mapRun) {
                states.add(state(mapRun, last(run.command(), mapRun), status(step)));
            }
        }
        return states;
    }

    /** A run's row goes in the step that hears of its last child, and that child is not in it yet. */
    private static MapProgress last(Command command, WaitRow.MapRun mapRun) {
        return command instanceof Command.HearOfChild heard
                        && heard.ticket() == mapRun.ticket()
                        && heard.report() instanceof ChildReport.Ended ended
                        && mapRun.progress().running() > 0
                ? mapRun.progress().ended(ended.outcome().status(), ended.items())
                : mapRun.progress();
    }

    private static String status(Step step) {
        for (var effect : step.effects()) {
            if (effect instanceof Effect.RecordHistory(var event)) {
                if (event.type() == HistoryEventType.MAP_RUN_FAILED) {
                    return "FAILED";
                }
                if (event.type() == HistoryEventType.MAP_RUN_ABORTED
                        || event.type() == HistoryEventType.EXECUTION_ABORTED
                        || event.type() == HistoryEventType.EXECUTION_TIMED_OUT
                        || event.type() == HistoryEventType.EXECUTION_FAILED) {
                    return "ABORTED";
                }
            }
        }
        return "SUCCEEDED";
    }

    private static MapRunState state(WaitRow.MapRun mapRun, MapProgress progress, String status) {
        var bounds = mapRun.bounds();
        return new MapRunState(
                mapRun.arn(),
                mapRun.ticket(),
                status,
                bounds.maxConcurrency(),
                bounds.toleratedCount().orElse(null),
                bounds.toleratedPercentage().orElse(null),
                progress.read(),
                progress.taken(),
                progress.started(),
                progress.succeeded(),
                progress.failed(),
                progress.timedOut(),
                progress.aborted(),
                progress.written(),
                mapRun.redrives().count(),
                mapRun.redrives().last().orElse(null),
                progress.redrive().left(),
                new MapRunItems(
                        progress.items().succeeded(),
                        progress.items().failed(),
                        progress.items().timedOut(),
                        progress.items().aborted()),
                progress.redrive().refused());
    }
}
