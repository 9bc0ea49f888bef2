package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.ResultWriter;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The results of a Map run's children: kept, then joined to the state's result or handed to the writer. */
final class MapResults {
    /** What is kept in the place of a result that is written, or will not be. */
    private static final Document WRITTEN = Document.EMPTY_OBJECT;

    private final StepBuilder step;

    MapResults(StepBuilder step) {
        this.step = step;
    }

    static Optional<ResultWriter> destination(State.Map map) {
        return map.distribution()
                .orElseThrow()
                .resultWriter()
                .filter(writer -> writer.destination().isPresent());
    }

    /** What the run must hear of a child's end for its results to be what the state asks for. */
    static Parent.Interest interest(State.Map map) {
        var described = map.distribution()
                .orElseThrow()
                .resultWriter()
                .filter(writer ->
                        writer.destination().isPresent() || writer.transformation() == ResultWriter.Transformation.NONE)
                .isPresent();
        return described ? Parent.Interest.DESCRIPTION : Parent.Interest.OUTPUT;
    }

    /** Keeps what a child's end gives, under its index: of one that failed only if failures are described. */
    void keep(WaitRow.MapRun run, FrameRow frame, State.Map map, int index, ChildReport.Ended ended) {
        var described = interest(map) == Parent.Interest.DESCRIPTION;
        var result = switch (ended.outcome()) {
            case Outcome.Succeeded(var output) -> described ? ChildTexts.exportedDescription(ended) : output;
            case Outcome.Failed _, Outcome.TimedOut _, Outcome.Aborted _ ->
                described && destination(map).isPresent() ? ChildTexts.exportedDescription(ended) : WRITTEN;
        };
        var well = ended.outcome() instanceof Outcome.Succeeded;
        keep(run, frame, index, result, well ? new Phase.Ended() : new Phase.Halted());
    }

    /** Keeps of a child that it did not end well, so that it is counted once. */
    void keep(WaitRow.MapRun run, FrameRow frame, int index) {
        keep(run, frame, index, WRITTEN, new Phase.Halted());
    }

    private void keep(WaitRow.MapRun run, FrameRow frame, int index, Document result, Phase phase) {
        step.rows()
                .put(new FrameRow(
                        run.path().child(index),
                        frame.state(),
                        result,
                        Map.of(),
                        phase,
                        frame.previousEventId(),
                        0,
                        step.now(),
                        List.of(),
                        Optional.empty()));
    }

    /** Keeps of a child that is cancelled what is known of it here. */
    void keepAborted(FrameRow frame, WaitRow.MapRun run, State.Map map, int index) {
        var described = JsonNodeFactory.instance
                .objectNode()
                .put("ExecutionArn", run.childArn(index))
                .put("Name", run.childName(index))
                .put("StateMachineArn", step.rows().identity().stateMachineArn())
                .put("Status", ExecutionStatus.ABORTED.name())
                .put("StopDate", Scope.TIME.format(step.now()));
        var result = destination(map).isPresent() ? Document.of(described) : WRITTEN;
        keep(run, frame, index, result, new Phase.Halted());
    }

    /** All children have ended, and no more of them failed than may. */
    void gather(WaitRow.MapRun run, FrameRow frame, State.Map map) {
        if (destination(map).isPresent()) {
            step.rows().put(run.in(new WaitRow.MapStage.Writing(Optional.empty(), Fate.DROPPED)));
            step.rows().pushOnce(new Work.WriteResults(run.path()));
        } else {
            step.rows().deleteWait(run.ticket());
            step.children().beginJoin(frame, run.progress().started());
        }
    }

    /** Hands the next results to the writer: as many as a step may touch children. */
    void write(FramePath path) {
        var rows = step.rows();
        var frame = rows.frame(path);
        if (!(frame.phase() instanceof Phase.Mapping(var ticket))
                || !(rows.findWait(ticket).orElseThrow() instanceof WaitRow.MapRun run)
                || !(step.definitionOf(frame) instanceof State.Map map)
                || !(run.stage() instanceof WaitRow.MapStage.Writing(var failure, var _))) {
            return;
        }
        var writer = destination(map).orElseThrow();
        var progress = run.progress();
        if (progress.written() < progress.started()) {
            writeResults(run, frame, writer);
        } else if (failure.isPresent() && progress.nextPendingPage() < progress.pages()) {
            var pending = step.mapPages().pending(run, progress.nextPendingPage());
            step.mapTasks().write(run.with(progress.writingPage()), frame, writer, "results", pending);
        } else {
            var counts = JsonNodeFactory.instance
                    .objectNode()
                    .put("succeeded", progress.succeeded())
                    .put("failed", progress.failures() + progress.redrive().left())
                    .put("pending", progress.read() - progress.taken());
            step.mapTasks().write(run, frame, writer, "finish", counts);
        }
    }

    private void writeResults(WaitRow.MapRun run, FrameRow frame, ResultWriter writer) {
        var progress = run.progress();
        var results = JsonNodeFactory.instance.arrayNode();
        var bytes = 0;
        var next = progress.written();
        var until = Math.min(
                progress.started(), next + Math.max(1, step.inputs().limits().childrenPerStep()));
        while (next < until && bytes < step.inputs().limits().payloadBytes() / 2) {
            var child = step.rows().frame(run.path().child(next));
            if (!child.data().equals(WRITTEN)) {
                results.add(child.data().tree());
                bytes += child.data().text().length();
            }
            next++;
            step.countChild();
        }
        step.mapTasks().write(run.with(progress.writingUpTo(next)), frame, writer, "results", results);
    }

    /** The writer has answered. */
    void written(WaitRow.MapRun run, Document answer) {
        var rows = step.rows();
        var progress = run.progress();
        var frame = rows.frame(run.path());
        if (!(run.stage() instanceof WaitRow.MapStage.Writing(var failure, var fate))) {
            return;
        }
        if (progress.writing() > progress.written()) {
            for (var child = progress.written(); child < Math.min(progress.writing(), progress.started()); child++) {
                release(run.path().child(child), fate);
            }
            rows.put(run.with(progress.partWritten()));
            rows.pushOnce(new Work.WriteResults(run.path()));
        } else if (failure.isPresent()) {
            var left = fate == Fate.KEPT ? run.with(progress.unwritten()) : run;
            step.mapRunEnds().failed(left, frame, failure.get(), fate);
        } else if (step.definitionOf(frame) instanceof State.Map map) {
            rows.deleteWait(run.ticket());
            succeed(step.children().whole(frame), map, answer);
        }
    }

    /** A result that is written need not be kept; but of a run that may be redriven it is to be known which children ended well. */
    private void release(FramePath child, Fate fate) {
        switch (fate) {
            case KEPT -> step.rows().put(step.rows().frame(child).with(WRITTEN));
            case DROPPED -> step.rows().deleteFrame(child);
        }
    }

    /** The children's results have been joined. */
    void joined(FrameRow frame, State.Map map, Document results) {
        var flatten = map.distribution()
                .orElseThrow()
                .resultWriter()
                .filter(writer -> writer.transformation() == ResultWriter.Transformation.FLATTEN)
                .isPresent();
        succeed(frame, map, flatten ? flattened(results) : results);
    }

    private static Document flattened(Document results) {
        var flat = JsonNodeFactory.instance.arrayNode();
        for (var result : results.tree()) {
            if (result.isArray()) {
                result.forEach(flat::add);
            } else {
                flat.add(result);
            }
        }
        return Document.of(flat);
    }

    /** What follows the run points to its start, as AWS has it. */
    private void succeed(FrameRow frame, State.Map map, Document result) {
        var succeeded = step.history().add(frame.previousEventId(), HistoryEventType.MAP_RUN_SUCCEEDED, Details.none());
        step.history().add(succeeded, HistoryEventType.MAP_STATE_SUCCEEDED, Details.none());
        step.states().leaveWith(frame.in(new Phase.Ready()), map, result, map.transition());
    }
}
