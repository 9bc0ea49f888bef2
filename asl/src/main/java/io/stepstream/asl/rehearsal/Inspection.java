package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.definition.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a tested state went through: TestState's inspectionData. */
final class Inspection {
    private final StateTestRequest request;
    private final TestSubject subject;
    private final State state;
    private final TestContext context;
    private final ObjectNode data = Documents.object();
    private final ObjectNode errorDetails = Documents.object();

    Inspection(StateTestRequest request, TestSubject subject, State state, TestContext context) {
        this.request = request;
        this.subject = subject;
        this.state = state;
        this.context = context;
        put("input", request.input());
    }

    /** What a Map state keeps to. */
    record Bounds(Optional<Long> failures, Optional<Double> percentage) {
        boolean exceededBy(int failed, int items) {
            return failures.filter(most -> failed > most).isPresent()
                    || percentage
                            .filter(most -> items > 0 && failed * 100.0 > most * items)
                            .isPresent();
        }
    }

    /** A state without work of its own has gone through its input; {@code result} is its Result. */
    void entered(Optional<Document> result) {
        if (state.flow() instanceof JsonPathFlow flow) {
            if (result.isPresent()) {
                put("result", result.get());
            } else {
                afterInputPath(flow);
            }
            if (state instanceof State.Pass) {
                if (result.isEmpty()) {
                    afterParameters(flow);
                }
                afterResult(flow, result.or(() -> evaluated(flow.input(request.input(), context))));
            }
        }
    }

    /** A state that has something done is about to have it done. */
    void worked() {
        switch (state) {
            case State.Task task when task.flow() instanceof JsonPathFlow flow -> {
                afterInputPath(flow);
                afterParameters(flow);
            }
            case State.Task task when subject.state().has("Arguments") ->
                evaluated(task.flow().input(request.input(), context)).ifPresent(seen -> put("afterArguments", seen));
            default -> {}
        }
    }

    /** The work is done. */
    void done(Document result) {
        if (state instanceof State.Task) {
            put("result", result);
        }
        if (state.flow() instanceof JsonPathFlow flow) {
            afterResult(flow, Optional.of(result));
        }
    }

    private void afterInputPath(JsonPathFlow flow) {
        var only = new JsonPathFlow(
                flow.inputPath(),
                Optional.empty(),
                Optional.empty(),
                flow.resultPath(),
                flow.outputPath(),
                Optional.empty());
        evaluated(only.input(request.input(), context)).ifPresent(seen -> put("afterInputPath", seen));
    }

    private void afterParameters(JsonPathFlow flow) {
        evaluated(flow.input(request.input(), context)).ifPresent(seen -> put("afterParameters", seen));
    }

    private void afterResult(JsonPathFlow flow, Optional<Document> result) {
        result.ifPresent(given -> {
            var selected = new JsonPathFlow(
                    JsonPathFlow.IDENTITY.inputPath(),
                    Optional.empty(),
                    flow.resultSelector(),
                    JsonPathFlow.IDENTITY.resultPath(),
                    JsonPathFlow.IDENTITY.outputPath(),
                    Optional.empty());
            output(selected, given).ifPresent(seen -> put("afterResultSelector", seen));
            var placed = new JsonPathFlow(
                    JsonPathFlow.IDENTITY.inputPath(),
                    Optional.empty(),
                    flow.resultSelector(),
                    flow.resultPath(),
                    JsonPathFlow.IDENTITY.outputPath(),
                    Optional.empty());
            output(placed, given).ifPresent(seen -> put("afterResultPath", seen));
        });
    }

    private Optional<Document> output(JsonPathFlow flow, Document result) {
        return evaluated(flow.output(request.input(), result, context)).map(flowed -> flowed.output());
    }

    private static <T> Optional<T> evaluated(Evaluated<T> evaluated) {
        return switch (evaluated) {
            case Evaluated.Value<T>(var value) -> Optional.of(value);
            case Evaluated.Failed<T> _ -> Optional.empty();
        };
    }

    /** Tells a Map state's items and bounds; they may fail to be evaluated. */
    Evaluated<Bounds> bounds(State.Map map) {
        if (map.flow() instanceof JsonPathFlow flow) {
            afterInputPath(flow);
            if (map.distribution().flatMap(distribution -> distribution.itemReader()).isEmpty()) {
                evaluated(map.items().evaluate(request.input(), context))
                        .ifPresent(items -> put("afterItemsPath", items));
            }
        }
        return value(map.maxConcurrency())
                .then(concurrency -> {
                    data.put("maxConcurrency", concurrency.orElse(0L));
                    return value(map.toleratedFailureCount());
                })
                .then(count -> value(map.toleratedFailurePercentage()).map(percentage -> {
                    count.ifPresent(most -> data.put("toleratedFailureCount", most));
                    percentage.ifPresent(most -> data.put("toleratedFailurePercentage", most));
                    return new Bounds(count, percentage);
                }));
    }

    private <T> Evaluated<Optional<T>> value(Optional<Expression<T>> expression) {
        return expression
                .map(present -> present.evaluate(request.input(), context).map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    void retriedBy(int retrier) {
        errorDetails.put("retryIndex", retrier);
    }

    void backoff(Duration delay) {
        errorDetails.put("retryBackoffIntervalSeconds", delay.toSeconds());
    }

    void caughtBy(int catcher) {
        errorDetails.put("catchIndex", catcher);
    }

    /** What Assign has set, with the variables there were. */
    void assigned(Map<String, Document> assigned) {
        if (!assigned.isEmpty()) {
            var all = new LinkedHashMap<>(request.variables());
            all.putAll(assigned);
            var variables = Documents.object();
            all.forEach((name, value) -> variables.set(name, value.tree()));
            data.put("variables", variables.toString());
        }
    }

    private void put(String field, Document value) {
        data.put(field, value.text());
    }

    /** Adds what was asked for to the answer. */
    void addTo(ObjectNode answer) {
        switch (request.level()) {
            case INFO -> {}
            case DEBUG, TRACE -> {
                if (!errorDetails.isEmpty()) {
                    data.set("errorDetails", errorDetails);
                }
                answer.set("inspectionData", data);
            }
        }
    }
}
