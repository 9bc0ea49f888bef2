package io.stepstream.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where the SDK asks for ids and for a decision, the span being made may have both already. */
final class Decided {
    private static final ScopedValue<SpanContext> SPAN = ScopedValue.newInstance();

    private Decided() {}

    /** Makes a span that is to have these ids, and is sampled. */
    static void as(SpanContext span, Runnable making) {
        ScopedValue.where(SPAN, span).run(making);
    }

    /** Ids as decided, or else random ones. */
    record Ids(IdGenerator others) implements IdGenerator {
        @Override
        public String generateSpanId() {
            return or(SpanContext::getSpanId, others::generateSpanId);
        }

        @Override
        public String generateTraceId() {
            return or(SpanContext::getTraceId, others::generateTraceId);
        }

        private static String or(Function<SpanContext, String> id, Supplier<String> other) {
            return SPAN.isBound() ? id.apply(SPAN.get()) : other.get();
        }
    }

    /** The sampler that was configured, asked once for each execution and for each span that begins here. */
    record Sampling(Sampler configured) implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent,
                String traceId,
                String name,
                SpanKind kind,
                Attributes attributes,
                List<LinkData> parentLinks) {
            return SPAN.isBound()
                    ? SamplingResult.recordAndSample()
                    : configured.shouldSample(parent, traceId, name, kind, attributes, parentLinks);
        }

        @Override
        public String getDescription() {
            return configured.getDescription();
        }
    }
}
