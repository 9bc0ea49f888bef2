package io.stepstream.worker;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span around every handler, the child of the trace that its request came with, and current while it runs. The answer carries the
 * span on, so that what the engine asks for next is in the same trace. The service that uses this brings OpenTelemetry along.
 */
public final class OpenTelemetryObserver implements TaskObserver {

    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };

    private final Tracer tracer;

    public OpenTelemetryObserver(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("io.stepstream.worker");
    }

    /** The scope is closed when the watch is told of the end, on the same thread. */
    @SuppressWarnings("MustBeClosedChecker")
    @Override
    public Watch taken(TaskContext task) {
        W3CTraceContextPropagator w3c = W3CTraceContextPropagator.getInstance();
        Span span = tracer.spanBuilder("task " + task.name())
                .setParent(w3c.extract(Context.root(), task.traceContext(), HEADERS))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("stepstream.task", task.name())
                .setAttribute("stepstream.execution.arn", task.executionArn())
                .setAttribute("stepstream.state", task.state())
                .setAttribute("stepstream.attempt", (long) task.attempt())
                .startSpan();
        Map<String, String> carried = new HashMap<>();
        w3c.inject(Context.root().with(span), carried, (carrier, key, value) -> carried.put(key, value));
        return new Spanned(span, span.makeCurrent(), Map.copyOf(carried));
    }

    private record Spanned(Span span, Scope scope, Map<String, String> traceContext) implements Watch {
        @Override
        public void ended(TaskOutcome outcome) {
            scope.close();
            switch (outcome) {
                case TaskOutcome.Succeeded _, TaskOutcome.LeftOpen _ -> span.setStatus(StatusCode.OK);
                case TaskOutcome.Failed(var error, var _) -> span.setStatus(StatusCode.ERROR, error);
                case TaskOutcome.DeadLettered(var error, var _) -> span.setStatus(StatusCode.ERROR, error);
                case TaskOutcome.GivenBack _ -> span.setStatus(StatusCode.ERROR, "given back");
            }
            span.end();
        }
    }
}
