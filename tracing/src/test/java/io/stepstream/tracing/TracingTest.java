package io.stepstream.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.stepstream.tracing.OtlpReceiver.Received;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenTelemetry's SDK as it is used here, against a collector. */
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final Instant START = Instant.parse("2025-12-24T18:00:00Z");

    private static SpanContext span(String id) {
        return TraceHeaders.of(TRACE, id, true, "vendor=value").span();
    }

    private static FinishedSpan finished(String id, SpanContext parent, Map<String, String> attributes) {
        var built = Attributes.builder();
        attributes.forEach((name, value) -> built.put(AttributeKey.stringKey(name), value));
        return new FinishedSpan(
                span(id),
                parent,
                "a state",
                SpanKind.INTERNAL,
                START,
                START.plus(Duration.ofDays(9)),
                Optional.of("TIMED_OUT"),
                built.build(),
                List.of(span("00000000000000aa")));
    }

    @Test
    void aSpanHasTheIdsAndTimesThatItIsGivenWhateverTheSamplerSays() {
        try (var receiver = new OtlpReceiver()) {
            try (var tracing =
                    Tracing.open(receiver.settings(Map.of("otel.traces.sampler", "always_off")), "the-service")) {
                tracing.export(finished("1111111111111111", span("2222222222222222"), Map.of("k", "v".repeat(9_000))));
                tracing.export(finished("3333333333333333", SpanContext.getInvalid(), Map.of()));
                tracing.tracer().spanBuilder("not sampled").startSpan().end();
            }
            assertThat(receiver.spans()).hasSize(2);
            assertThat(receiver.spans().getFirst())
                    .isEqualTo(new Received(
                            "the-service",
                            TRACE,
                            "1111111111111111",
                            "2222222222222222",
                            "a state",
                            "INTERNAL",
                            START,
                            START.plus(Duration.ofDays(9)),
                            "ERROR TIMED_OUT",
                            Map.of("k", "v".repeat(512)),
                            List.of("00000000000000aa"),
                            "vendor=value"));
            assertThat(receiver.spans().getLast())
                    .satisfies(root -> assertThat(root.parent()).isEmpty())
                    .satisfies(root -> assertThat(root.trace()).isEqualTo(TRACE))
                    .satisfies(root -> assertThat(root.id()).isEqualTo("3333333333333333"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "parentbased_always_on, true, true",
        "parentbased_always_on, false, false",
        "always_off, true, false",
        "always_on, false, true"
    })
    void theConfiguredSamplerIsAsked(String sampler, boolean parentIsSampled, boolean samples) {
        try (var receiver = new OtlpReceiver();
                var tracing = Tracing.open(receiver.settings(Map.of("otel.traces.sampler", sampler)), "s")) {
            var parent = TraceHeaders.of(TRACE, "1111111111111111", parentIsSampled, "")
                    .span();
            assertThat(tracing.samples(parent, TRACE, "execution")).isEqualTo(samples);
        }
    }

    /** Nobody reads from this collector's connections: the queue fills, and the rest is dropped. */
    @Test
    void aCollectorThatDoesNotAnswerHoldsNobodyUp() throws Exception {
        try (var deaf = new ServerSocket(0)) {
            var settings = new TraceSettings(Map.of(
                    TraceSettings.ENDPOINT,
                    "http://127.0.0.1:" + deaf.getLocalPort(),
                    "otel.exporter.otlp.timeout",
                    "200",
                    "otel.bsp.export.timeout",
                    "200",
                    "otel.bsp.max.queue.size",
                    "512"));
            var began = System.nanoTime();
            try (var tracing = Tracing.open(settings, "s")) {
                for (var i = 0; i < 20_000; i++) {
                    tracing.export(finished("%016x".formatted(i + 1), span("2222222222222222"), Map.of()));
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', false",
        "OTEL_SERVICE_NAME, mine, false",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://collector:4318, true",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://collector:4318/v1/traces, true",
        "OTEL_TRACES_EXPORTER, otlp, true",
        "OTEL_TRACES_EXPORTER, none, false"
    })
    void itIsOnIfSomethingSaysWhereSpansGo(String variable, String value, boolean on) {
        assertThat(TraceSettings.of(Optional.empty(), new Properties(), Map.of(variable, value))
                        .equals(TraceSettings.OFF))
                .isNotEqualTo(on);
    }

    @Test
    void theSettingGoesBeforeTheVariableAndTheSwitchBeforeBoth() {
        var endpoint = Optional.of("http://ours:4318");
        var variables = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://theirs:4318", "OTEL_SERVICE_NAME", "mine");
        assertThat(TraceSettings.of(endpoint, new Properties(), variables).properties())
                .containsEntry("otel.exporter.otlp.endpoint", "http://ours:4318")
                .containsEntry("otel.service.name", "mine");
        var off = Map.of("OTEL_SDK_DISABLED", "true");
        assertThat(TraceSettings.of(endpoint, new Properties(), off)).isEqualTo(TraceSettings.OFF);
    }

    @Test
    void keysOfTheExporterAreNotTold() {
        var settings = TraceSettings.of(
                Optional.of("http://ours:4318"),
                new Properties(),
                Map.of("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer 4711"));
        assertThat(settings).asString().contains("otel.exporter.otlp.headers").doesNotContain("4711");
    }

    @Test
    void aPropertyThatCannotBeUsedIsToldByItsName() {
        var settings = new TraceSettings(
                Map.of(TraceSettings.ENDPOINT, "http://c:4318", "otel.exporter.otlp.protocol", "grpc"));
        assertThatThrownBy(() -> Tracing.open(settings, "s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL")
                .hasMessageContaining("http/protobuf");
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, true",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
        "00-0af7-b7ad-01, false",
        "'', false"
    })
    void headersAreReadAndWrittenAgain(String traceparent, boolean valid) {
        var headers = new RecordHeaders();
        new TraceHeaders(Optional.of(traceparent), Optional.of("a=b")).addTo(headers);
        var read = TraceHeaders.of(headers);
        assertThat(read.traceparent()).contains(traceparent);
        assertThat(read.span().isValid()).isEqualTo(valid);
        assertThat(TraceHeaders.of(read.span())).isEqualTo(valid ? read : TraceHeaders.NONE);
    }

    @Test
    void headersOfAnyLengthAreNotPassedOn() {
        assertThat(new TraceHeaders(Optional.of("0".repeat(513)), Optional.of("a".repeat(513))))
                .isEqualTo(TraceHeaders.NONE);
    }
}
