package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cursor inside an execution.
 *
 * @param path its address
 * @param state the state it is in, or about to enter when it is ready
 * @param data the raw input of that state; empty while its children run; of an ended child, its result
 * @param variables what Assign has set in this frame; outer frames' variables are in their own rows
 * @param phase what it is doing
 * @param previousEventId the last history event of this branch
 * @param enteredEventId the history event of its entry into the state; 0 before
 * @param entered when it entered the state
 * @param retries how often each retrier of the state has been used since the state was entered
 * @param item of a Map iteration, the item, as {@code $$.Map.Item.Value} shows it
 */
public record FrameRow(
        FramePath path,
        String state,
        Document data,
        Map<String, Document> variables,
        Phase phase,
        long previousEventId,
        long enteredEventId,
        Instant entered,
        List<Integer> retries,
        Optional<Document> item) {

    public FrameRow {
        variables = Map.copyOf(variables);
        retries = List.copyOf(retries);
    }

    /** This frame, doing something else. */
    FrameRow in(Phase next) {
        return new FrameRow(
                path, state, data, variables, next, previousEventId, enteredEventId, entered, retries, item);
    }

    /** This frame, after a history event. */
    FrameRow after(long eventId) {
        return new FrameRow(path, state, data, variables, phase, eventId, enteredEventId, entered, retries, item);
    }

    /** This frame with other data. */
    FrameRow with(Document next) {
        return new FrameRow(
                path, state, next, variables, phase, previousEventId, enteredEventId, entered, retries, item);
    }

    /** This frame, ended: nothing of it counts any more but its result. */
    FrameRow asResult(Document result) {
        return new FrameRow(
                path,
                state,
                result,
                Map.of(),
                new Phase.Ended(),
                previousEventId,
                enteredEventId,
                entered,
                List.of(),
                Optional.empty());
    }

    /** This frame with other variables. */
    FrameRow with(Map<String, Document> next) {
        return new FrameRow(path, state, data, next, phase, previousEventId, enteredEventId, entered, retries, item);
    }

    /** This frame, about to enter a state with this input. */
    FrameRow headingFor(String next, Document input) {
        return new FrameRow(
                path, next, input, variables, new Phase.Ready(), previousEventId, 0, entered, List.of(), item);
    }

    /** This frame, having entered its state with this history event. */
    FrameRow entered(long eventId, Instant at) {
        return new FrameRow(path, state, data, variables, phase, eventId, eventId, at, retries, item);
    }

    /** This frame with other counts of its retriers' use. */
    FrameRow retried(List<Integer> counts) {
        return new FrameRow(
                path, state, data, variables, phase, previousEventId, enteredEventId, entered, counts, item);
    }
}
