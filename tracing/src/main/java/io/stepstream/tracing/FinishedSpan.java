package io.stepstream.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A span that is over: made of what was stored of its beginning, perhaps by another process.
 *
 * @param self its ids; whoever makes it again gives it the same
 * @param parent an invalid one if it begins its trace
 * @param failure a word for how it failed; empty if it did not
 * @param links spans that have to do with it, without being its parent
 */
public record FinishedSpan(
        SpanContext self,
        SpanContext parent,
        String name,
        SpanKind kind,
        Instant start,
        Instant end,
        Optional<String> failure,
        Attributes attributes,
        List<SpanContext> links) {

    public FinishedSpan {
        links = List.copyOf(links);
    }
}
