package io.stepstream.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a record or a request belongs to, as W3C Trace Context writes it into headers, unread.
 *
 * @param traceparent the header of that name
 * @param tracestate the header of that name
 */
public record TraceHeaders(Optional<String> traceparent, Optional<String> tracestate) {

    /** Of what belongs to no trace. */
    public static final TraceHeaders NONE = new TraceHeaders(Optional.empty(), Optional.empty());

    private static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";
    /** What the specification asks everybody to pass on; anything longer is left out. */
    private static final int MOST_CHARACTERS = 512;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<TraceHeaders> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceHeaders headers) {
            return List.of(TRACEPARENT, TRACESTATE);
        }

        @Override
        public @Nullable String get(@Nullable TraceHeaders headers, String name) {
            if (headers == null) {
                return null;
            }
            return (name.equals(TRACEPARENT) ? headers.traceparent : headers.tracestate).orElse(null);
        }
    };

    public TraceHeaders {
        traceparent = traceparent.filter(TraceHeaders::isShort);
        tracestate = tracestate.filter(TraceHeaders::isShort);
    }

    private static boolean isShort(String value) {
        return value.length() <= MOST_CHARACTERS;
    }

    /** Of a record. */
    public static TraceHeaders of(Headers headers) {
        var traceparent = text(headers, TRACEPARENT);
        return traceparent.isEmpty() ? NONE : new TraceHeaders(traceparent, text(headers, TRACESTATE));
    }

    private static Optional<String> text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), UTF_8));
    }

    /** As they were stored, each null if there was none. */
    public static TraceHeaders stored(@Nullable String traceparent, @Nullable String tracestate) {
        return new TraceHeaders(Optional.ofNullable(traceparent), Optional.ofNullable(tracestate));
    }

    /** Of what is to be a child of this span. */
    public static TraceHeaders of(SpanContext span) {
        var written = new HashMap<String, String>();
        W3C.inject(Context.root().with(Span.wrap(span)), written, (_, name, value) -> written.put(name, value));
        return new TraceHeaders(
                Optional.ofNullable(written.get(TRACEPARENT)), Optional.ofNullable(written.get(TRACESTATE)));
    }

    /**
     * Of what is to be a child of a span.
     *
     * @param traceId 32 hex digits
     * @param spanId 16 hex digits
     * @param tracestate as it came; may be empty
     */
    public static TraceHeaders of(String traceId, String spanId, boolean sampled, String tracestate) {
        return new TraceHeaders(
                Optional.of("00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00")),
                Optional.of(tracestate).filter(text -> !text.isEmpty()));
    }

    /** The span that is written here; an invalid one if there is none, or nothing that can be read. */
    public SpanContext span() {
        return Span.fromContext(context()).getSpanContext();
    }

    /** What a span of our own begins in. */
    public Context context() {
        return traceparent.isEmpty() ? Context.root() : W3C.extract(Context.root(), this, GETTER);
    }

    /** Writes it into a record's headers. */
    public void addTo(Headers headers) {
        traceparent.ifPresent(text -> headers.add(TRACEPARENT, text.getBytes(UTF_8)));
        tracestate.ifPresent(text -> headers.add(TRACESTATE, text.getBytes(UTF_8)));
    }
}
