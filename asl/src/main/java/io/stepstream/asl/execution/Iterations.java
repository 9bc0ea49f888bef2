package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is particular to the children of a Map state: each has its item, and the history tells of each.
 *
 * <p>The items are evaluated once. They wait in the rows of the iterations to come: the row of the first of some consecutive ones
 * holds the items of all of them, and is split, as a tree, when their turn comes. An item is so copied a few times, and a step
 * touches few rows, however many items there are.
 */
final class Iterations {
    private static final String THRESHOLD_EXCEEDED = "States.ExceedToleratedFailureThreshold";

    private final StepBuilder step;

    Iterations(StepBuilder step) {
        this.step = step;
    }

    /** Begins an inline Map state: evaluates what there is to do, in AWS's order, and starts to do it. */
    void begin(FrameRow frame, State.Map map) {
        var scope = Scope.of(step, frame);
        ifEvaluated(
                frame,
                optional(map.maxConcurrency(), frame, scope),
                concurrency -> ifEvaluated(frame, map.items().evaluate(frame.data(), scope), items -> {
                    if (items.bytes() > step.inputs().limits().payloadBytes()) {
                        step.failures().fail(frame, step.failures().tooLarge(frame.state()));
                        return;
                    }
                    var length = items.tree().size();
                    var started = frame.after(step.history()
                            .add(
                                    frame.previousEventId(),
                                    HistoryEventType.MAP_STATE_STARTED,
                                    Details.none().number("length", length)));
                    ifEvaluated(
                            started,
                            tolerated(map, frame, length, scope),
                            tolerated -> begin(started, map, items, concurrency, tolerated));
                }));
    }

    private void begin(FrameRow frame, State.Map map, Document items, Optional<Long> concurrency, int tolerated) {
        var length = items.tree().size();
        var most = step.inputs().limits().inlineConcurrency();
        var asked = concurrency.filter(number -> number > 0 && number < most).map(Long::intValue);
        if (length > 0) {
            step.rows().put(pending(frame, map, 0, length, items));
        }
        step.children().begin(frame, new Phase.Joining(length, 0, 0, asked.orElse(most), tolerated));
    }

    private static <T> Evaluated<Optional<T>> optional(
            Optional<Expression<T>> expression, FrameRow frame, Scope scope) {
        return expression
                .map(present -> present.evaluate(frame.data(), scope).map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    /** How many iterations may fail: none unless the state says so, and as many as both its fields allow. */
    private static Evaluated<Integer> tolerated(State.Map map, FrameRow frame, int length, Scope scope) {
        return optional(map.toleratedFailureCount(), frame, scope)
                .then(count -> optional(map.toleratedFailurePercentage(), frame, scope)
                        .map(percentage -> {
                            var byCount = count.map(Long::doubleValue);
                            var byPart = percentage.map(part -> Math.floor(part * length / 100));
                            var least = Math.min(byCount.orElse(Double.MAX_VALUE), byPart.orElse(Double.MAX_VALUE));
                            return byCount.isEmpty() && byPart.isEmpty() ? 0 : (int) Math.min(length, least);
                        }));
    }

    private <T> void ifEvaluated(FrameRow frame, Evaluated<T> evaluated, java.util.function.Consumer<T> then) {
        switch (evaluated) {
            case Evaluated.Value<T>(var value) -> then.accept(value);
            case Evaluated.Failed<T>(var error) -> step.failures().beginning(frame, error);
        }
    }

    /** Starts the next iteration, or makes its items fewer so that it can be started. */
    void spawn(FrameRow frame, Phase.Joining joining, State.Map map) {
        var rows = step.rows();
        var index = joining.started();
        var waiting = rows.frame(frame.path().child(index));
        if (!(waiting.phase() instanceof Phase.Pending(var count))) {
            throw new IllegalStateException("no items wait at " + waiting.path());
        }
        if (count > step.fan()) {
            split(frame, map, index, count, waiting.data());
            rows.push(new Work.Spawn(frame.path()));
            return;
        }
        var items = waiting.data().tree();
        var item = Document.of(items.get(0));
        switch (input(frame, map, index, item)) {
            case Evaluated.Failed<Document>(var error) -> {
                var failed = step.failures().told(frame, error);
                step.children().fail(failed.frame(), joining, failed.failure());
            }
            case Evaluated.Value<Document>(var input)
            when input.bytes() > step.inputs().limits().payloadBytes() ->
                step.children().fail(frame, joining, step.failures().tooLarge(frame.state()));
            case Evaluated.Value<Document>(var input) -> {
                if (count > 1) {
                    rows.put(pending(frame, map, index + 1, count - 1, slice(items, 1, count)));
                }
                var started = record(frame.previousEventId(), HistoryEventType.MAP_ITERATION_STARTED, frame, index);
                step.children().create(frame, joining, map.processor().startAt(), input, started, Optional.of(item));
            }
        }
    }

    /** What an iteration starts with. A selector that does not look at the state's input spares reading it. */
    private Evaluated<Document> input(FrameRow frame, State.Map map, int index, Document item) {
        if (map.itemSelector().isEmpty()) {
            return Evaluated.value(item);
        }
        var selector = map.itemSelector().get();
        var stateInput = selector.readsInput() ? step.rows().stateInput(frame.path()) : Document.EMPTY_OBJECT;
        return selector.evaluate(stateInput, Scope.ofItem(step, frame, index, item));
    }

    private void split(FrameRow frame, State.Map map, int index, int count, Document items) {
        var stride = 1;
        while ((long) stride * step.fan() < count) {
            stride *= step.fan();
        }
        step.rows().count(items);
        for (var from = 0; from < count; from += stride) {
            var to = Math.min(count, from + stride);
            step.rows().put(pending(frame, map, index + from, to - from, slice(items.tree(), from, to)));
            step.countChild();
        }
    }

    private static Document slice(JsonNode items, int from, int to) {
        var slice = JsonNodeFactory.instance.arrayNode(to - from);
        for (var i = from; i < to; i++) {
            slice.add(items.get(i));
        }
        return Document.of(slice);
    }

    private FrameRow pending(FrameRow frame, State.Map map, int index, int count, Document items) {
        return new FrameRow(
                frame.path().child(index),
                map.processor().startAt(),
                items,
                Map.of(),
                new Phase.Pending(count),
                0,
                0,
                step.now(),
                List.of(),
                Optional.empty());
    }

    /** A child has ended well; the event that its parent's state then follows, if it was the last. */
    long succeeded(FrameRow parent, FrameRow child) {
        return step.definitionOf(parent) instanceof State.Map
                ? record(
                        child.previousEventId(),
                        HistoryEventType.MAP_ITERATION_SUCCEEDED,
                        parent,
                        child.path().index())
                : child.previousEventId();
    }

    /** A child has failed; the event that its parent's state then follows, if that is tolerated and it was the last. */
    long failed(FrameRow parent, FrameRow child) {
        return step.definitionOf(parent) instanceof State.Map
                ? record(
                        child.previousEventId(),
                        HistoryEventType.MAP_ITERATION_FAILED,
                        parent,
                        child.path().index())
                : child.previousEventId();
    }

    /** A child that had begun, and had not ended, has been aborted. */
    void aborted(FrameRow parent, FrameRow child, long because) {
        if (!child.phase().isAtRest() && step.definitionOf(parent) instanceof State.Map) {
            record(
                    because,
                    HistoryEventType.MAP_ITERATION_ABORTED,
                    parent,
                    child.path().index());
        }
    }

    /** Why a state fails when one more of its children does than it tolerates. */
    Failure reason(FrameRow parent, Failure failure) {
        return step.definitionOf(parent) instanceof State.Map map
                        && (map.toleratedFailureCount().isPresent()
                                || map.toleratedFailurePercentage().isPresent())
                ? Failure.of(THRESHOLD_EXCEEDED, "The specified tolerated failure threshold was exceeded")
                : failure;
    }

    private long record(long previousEventId, HistoryEventType type, FrameRow parent, int index) {
        return step.history()
                .add(
                        previousEventId,
                        type,
                        Details.none().text("name", parent.state()).number("index", index));
    }
}
