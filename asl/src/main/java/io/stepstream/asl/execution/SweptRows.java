package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.Optional;

/**
 * The rows of an execution that can be redriven no more, and of which therefore nothing is there but that it was, and what it has answered.
 * Whether the others have been deleted already makes no difference to a step: so they can be deleted at any time.
 */
record SweptRows(Rows stored) implements Rows {

    /** The rows as a step at this time may see them. */
    static Rows at(Instant now, Rows stored, Limits limits) {
        var isOver = stored.execution()
                .flatMap(ExecutionRow::ended)
                .filter(end -> isOver(end, now, limits))
                .isPresent();
        return isOver ? new SweptRows(stored) : stored;
    }

    /** Whether an execution that ended so keeps nothing for a redrive any more. */
    static boolean isOver(ExecutionRow.Ended end, Instant now, Limits limits) {
        return end.status() != ExecutionStatus.SUCCEEDED
                && limits.redrivableUntil(end.at()).isBefore(now);
    }

    @Override
    public Optional<ExecutionRow> execution() {
        return stored.execution();
    }

    @Override
    public Optional<Document> input() {
        return Optional.empty();
    }

    @Override
    public Optional<FrameRow> frame(FramePath path) {
        return Optional.empty();
    }

    @Override
    public Optional<Document> stateInput(FramePath path) {
        return Optional.empty();
    }

    @Override
    public Optional<WaitRow> waiting(long ticket) {
        return Optional.empty();
    }

    @Override
    public Optional<Document> page(long run, int number) {
        return Optional.empty();
    }

    @Override
    public Optional<Verdict> answered(String requestId) {
        return stored.answered(requestId);
    }
}
