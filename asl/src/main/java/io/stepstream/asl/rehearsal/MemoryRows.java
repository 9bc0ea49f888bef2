package io.stepstream.asl.rehearsal;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.asl.execution.WaitRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rows of one execution, as they are written: rows are immutable, so none is copied. */
public final class MemoryRows implements RowStore {
    private final Map<FramePath, FrameRow> frames = new HashMap<>();
    private final Map<FramePath, Document> stateInputs = new HashMap<>();
    private final Map<Long, WaitRow> waits = new HashMap<>();
    private final Map<String, Verdict> answered = new HashMap<>();
    private final Map<Page, Document> pages = new HashMap<>();
    private Optional<ExecutionRow> execution = Optional.empty();
    private Optional<Document> input = Optional.empty();

    private record Page(long run, int number) {}

    @Override
    public Optional<ExecutionRow> execution() {
        return execution;
    }

    @Override
    public Optional<Document> input() {
        return input;
    }

    @Override
    public Optional<FrameRow> frame(FramePath path) {
        return Optional.ofNullable(frames.get(path));
    }

    @Override
    public Optional<Document> stateInput(FramePath path) {
        return Optional.ofNullable(stateInputs.get(path));
    }

    @Override
    public Optional<WaitRow> waiting(long ticket) {
        return Optional.ofNullable(waits.get(ticket));
    }

    @Override
    public Optional<Document> page(long run, int number) {
        return Optional.ofNullable(pages.get(new Page(run, number)));
    }

    @Override
    public Optional<Verdict> answered(String requestId) {
        return Optional.ofNullable(answered.get(requestId));
    }

    @Override
    public void apply(Step step) {
        step.rows().forEach(this::apply);
    }

    private void apply(RowChange change) {
        switch (change) {
            case RowChange.PutExecution(var row) -> execution = Optional.of(row);
            case RowChange.PutInput(var given) -> input = Optional.of(given);
            case RowChange.DeleteInput() -> input = Optional.empty();
            case RowChange.PutFrame(var row) -> frames.put(row.path(), row);
            case RowChange.DeleteFrame(var path) -> frames.remove(path);
            case RowChange.PutStateInput(var path, var given) -> stateInputs.put(path, given);
            case RowChange.DeleteStateInput(var path) -> stateInputs.remove(path);
            case RowChange.PutWait(var row) -> waits.put(row.ticket(), row);
            case RowChange.DeleteWait(var ticket) -> waits.remove(ticket);
            case RowChange.PutPage(var run, var number, var items) -> pages.put(new Page(run, number), items);
            case RowChange.DeletePage(var run, var number) -> pages.remove(new Page(run, number));
            case RowChange.PutAnswered(var requestId, var verdict) -> answered.put(requestId, verdict);
        }
    }
}
