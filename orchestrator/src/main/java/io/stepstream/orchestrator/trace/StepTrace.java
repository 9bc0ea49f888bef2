package io.stepstream.orchestrator.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.ExecutionTrace;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.tracing.TraceHeaders;
import java.util.Optional;

/**
 * A step in the trace of its execution: which span what it sends is a child of.
 *
 * @param kept what the execution's row keeps
 * @param came the span that the step's command came from; an invalid one if none
 */
public record StepTrace(StepRun run, Step step, ExecutionTrace kept, SpanContext came) {

    /** What the execution itself sends. */
    public TraceHeaders execution() {
        return headers(SpanIds.execution(run.id(), redrives()));
    }

    /** The request of a task, or the start of the child that does it. */
    public TraceHeaders task(long ticket) {
        return headers(SpanIds.ticket(run.id(), ticket));
    }

    /** The start of a child: it belongs to the task that it does, or to the Map state whose item it is. */
    public TraceHeaders child(Parent parent) {
        return parent.item().isEmpty()
                ? task(parent.ticket())
                : headers(mapState(parent.ticket())
                        .map(this::state)
                        .orElseGet(() -> SpanIds.execution(run.id(), redrives())));
    }

    private Optional<FrameRow> mapState(long ticket) {
        return waiting(ticket)
                .flatMap(wait -> wait instanceof WaitRow.MapRun map ? Optional.of(map.path()) : Optional.empty())
                .flatMap(this::frame);
    }

    /** Of the span of a frame's state. */
    String state(FrameRow frame) {
        return SpanIds.state(run.id(), frame.enteredEventId(), redrives());
    }

    TraceHeaders headers(String span) {
        return TraceHeaders.of(kept.id(), span, kept.sampled(), kept.state());
    }

    /** How often the execution has been redriven, this step included. */
    int redrives() {
        return row().map(row -> row.redrives().count()).orElse(0);
    }

    /** The execution's row after the step. */
    Optional<ExecutionRow> row() {
        for (var change : step.rows()) {
            if (change instanceof RowChange.PutExecution(var row)) {
                return Optional.of(row);
            }
        }
        return run.rows().execution();
    }

    /** A frame after the step; one that the step deleted, as it was before. */
    private Optional<FrameRow> frame(FramePath path) {
        for (var change : step.rows()) {
            if (change instanceof RowChange.PutFrame(var row) && row.path().equals(path)) {
                return Optional.of(row);
            }
        }
        return run.rows().frame(path);
    }

    private Optional<WaitRow> waiting(long ticket) {
        for (var change : step.rows()) {
            if (change instanceof RowChange.PutWait(var row) && row.ticket() == ticket) {
                return Optional.of(row);
            }
        }
        return run.rows().waiting(ticket);
    }

    static String name(StepRun run) {
        return "execution " + run.identity().stateMachineName();
    }
}
