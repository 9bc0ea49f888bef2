package io.stepstream.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The spans of a process: made and exported by OpenTelemetry's SDK, whose exporter has a thread and a bounded queue of its own. What does
 * not fit into the queue is dropped; nobody who makes a span ever waits. Safe for use by several threads.
 */
public final class Tracing implements AutoCloseable {
    private static final String PROTOCOL = "otel.exporter.otlp.protocol";
    private static final String HTTP = "http/protobuf";
    private static final String SCOPE = "io.stepstream";
    private static final long LAST_SPANS_SECONDS = 5;

    private final Optional<OpenTelemetrySdk> sdk;
    private final OpenTelemetry openTelemetry;
    private final Tracer tracer;

    private Tracing(Optional<OpenTelemetrySdk> sdk) {
        this.sdk = sdk;
        this.openTelemetry = sdk.<OpenTelemetry>map(made -> made).orElse(OpenTelemetry.noop());
        this.tracer = openTelemetry.getTracer(SCOPE);
    }

    /** Makes no spans; what belongs to a trace goes on belonging to it. */
    public static Tracing off() {
        return new Tracing(Optional.empty());
    }

    /**
     * Begins to export, if that is asked for.
     *
     * @param service what {@code service.name} is if nobody says otherwise
     * @throws IllegalArgumentException if a property of OpenTelemetry's cannot be used; the message names it
     */
    public static Tracing open(TraceSettings settings, String service) {
        if (settings.properties().isEmpty()) {
            return off();
        }
        var properties = properties(settings, service);
        if (properties.getOrDefault(PROTOCOL, HTTP).equals("grpc")) {
            throw new IllegalArgumentException("OTEL_EXPORTER_OTLP_PROTOCOL must be " + HTTP
                    + ", for which collectors listen on port 4318; gRPC is not spoken here");
        }
        try {
            return new Tracing(Optional.of(AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addPropertiesCustomizer(_ -> properties)
                    .addSamplerCustomizer((configured, _) -> new Decided.Sampling(configured))
                    .addTracerProviderCustomizer(
                            (provider, _) -> provider.setIdGenerator(new Decided.Ids(IdGenerator.random())))
                    .build()
                    .getOpenTelemetrySdk()));
        } catch (ConfigurationException | IllegalStateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "OpenTelemetry cannot be used as its OTEL_* settings say (docs/tracing.md): " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(TraceSettings settings, String service) {
        var properties = new HashMap<String, String>();
        if (!settings.properties().getOrDefault("otel.resource.attributes", "").contains("service.name=")) {
            properties.put("otel.service.name", service);
        }
        properties.put(TraceSettings.EXPORTER, "otlp");
        properties.put(PROTOCOL, HTTP);
        properties.put("otel.attribute.value.length.limit", "512");
        properties.putAll(settings.properties());
        // Metrics are Prometheus's to fetch, and logs go where logback's configuration says.
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        return Map.copyOf(properties);
    }

    /** Whether spans are made. */
    public boolean isOn() {
        return sdk.isPresent();
    }

    /** For what brings its own instrumentation. */
    public OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    /** For spans that begin and end in this process. */
    public Tracer tracer() {
        return tracer;
    }

    /** Asks the configured sampler whether spans of a trace that enters here are to be exported. */
    public boolean samples(SpanContext parent, String traceId, String name) {
        return sdk.isPresent()
                && sdk.get()
                                .getSdkTracerProvider()
                                .getSampler()
                                .shouldSample(
                                        in(parent), traceId, name, SpanKind.INTERNAL, Attributes.empty(), List.of())
                                .getDecision()
                        == SamplingDecision.RECORD_AND_SAMPLE;
    }

    /** Exports a span, whatever the sampler says. */
    public void export(FinishedSpan finished) {
        Decided.as(finished.self(), () -> {
            var builder = tracer.spanBuilder(finished.name())
                    .setParent(in(finished.parent()))
                    .setSpanKind(finished.kind())
                    .setAllAttributes(finished.attributes())
                    .setStartTimestamp(finished.start());
            finished.links().forEach(builder::addLink);
            var span = builder.startSpan();
            finished.failure().ifPresent(how -> span.setStatus(StatusCode.ERROR, how));
            span.end(finished.end());
        });
    }

    private static Context in(SpanContext parent) {
        return parent.isValid() ? Context.root().with(Span.wrap(parent)) : Context.root();
    }

    /** Exports what is in the queue, within seconds, and stops. */
    @Override
    public void close() {
        sdk.ifPresent(made -> made.shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS));
    }
}
