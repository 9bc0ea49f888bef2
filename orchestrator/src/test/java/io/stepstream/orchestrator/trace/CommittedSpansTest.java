package io.stepstream.orchestrator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.stepstream.tracing.FinishedSpan;
import io.stepstream.tracing.OtlpReceiver;
import io.stepstream.tracing.OtlpReceiver.Received;
import io.stepstream.tracing.TraceHeaders;
import io.stepstream.tracing.Tracing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommittedSpansTest {

    private static FinishedSpan span(String name) {
        return new FinishedSpan(
                TraceHeaders.of("0af7651916cd43dd8448eb211c80319c", "1111111111111111", true, "")
                        .span(),
                SpanContext.getInvalid(),
                name,
                SpanKind.INTERNAL,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                Attributes.empty(),
                List.of());
    }

    @Test
    void onlyWhatWasCommittedIsExportedAndOnlyByTheThreadThatDidIt() throws Exception {
        try (var receiver = new OtlpReceiver()) {
            try (var tracing = Tracing.open(receiver.settings(), "s")) {
                var spans = new CommittedSpans(tracing);
                spans.begun();
                spans.add(span("of a transaction that is aborted"));
                spans.begun();
                spans.add(span("committed"));
                var other = Thread.ofPlatform().start(() -> {
                    spans.begun();
                    spans.add(span("of a transaction that stays open"));
                });
                other.join();
                spans.committed();
                spans.committed();
            }
            assertThat(receiver.spans()).extracting(Received::name).containsExactly("committed");
        }
    }
}
