package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.trace.Span;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.Topics;
import io.stepstream.tracing.OtlpReceiver;
import io.stepstream.tracing.OtlpReceiver.Received;
import io.stepstream.tracing.TraceHeaders;
import io.stepstream.tracing.Tracing;
import io.stepstream.worker.OpenTelemetryObserver;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** Traces through gateway, engine and workers, as a collector gets them. */
class TracesIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "00000000000000ca";
    private static final String APPROVAL = """
            {'name':'approval','definition':{'StartAt':'Charge','States':{
              'Charge':{'Type':'Task','Resource':'arn:stepstream:kafka:::charge','Next':'Ask'},
              'Ask':{'Type':'Task','Resource':'arn:stepstream:kafka:::ask.waitForTaskToken','Next':'Rest'},
              'Rest':{'Type':'Wait','Seconds':1,'Next':'Told'},
              'Told':{'Type':'Pass','End':true}}}}""";
    private static final String ASK = """
            {'name':'approval','definition':{'StartAt':'Ask','States':{
              'Ask':{'Type':'Task','Resource':'arn:stepstream:kafka:::ask.waitForTaskToken','End':true}}}}""";
    private static final String FORGOTTEN = "'input':{'card':'4111-secret'}";

    /** A task whose token somebody has, and the trace of the handler that gave it to him. */
    private record Asked(String token, TraceHeaders trace) {}

    private final BlockingQueue<Asked> asked = new ArrayBlockingQueue<>(10);

    private Worker worker(Stack stack, Tracing tracing) {
        return Worker.builder()
                .bootstrapServers(stack.bootstrapServers())
                .registry(stack.registry())
                .observer(new OpenTelemetryObserver(tracing.openTelemetry()))
                .task("charge", (JsonNode in, TaskContext task) -> Map.of("charged", in))
                .task("ask", (JsonNode in, TaskContext task) -> {
                    asked.add(new Asked(
                            task.token(), TraceHeaders.of(Span.current().getSpanContext())));
                    return Map.of();
                })
                .start();
    }

    private Asked asked() throws InterruptedException {
        var next = asked.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody was asked within 30 s");
        }
        return next;
    }

    private static void start(Stack stack, String flag) throws Exception {
        var started = stack.api.post(
                "/v1/executions",
                "{'stateMachine':'approval'," + FORGOTTEN + "}",
                "traceparent",
                "00-" + TRACE + "-" + CALLER + "-" + flag);
        assertThat(started.status()).as(started.text()).isEqualTo(201);
    }

    private static void succeed(Stack stack, Asked asked, String... headers) throws Exception {
        var answered =
                stack.api.post("/v1/tasks/" + asked.token() + "/success", "{'output':{'card':'4111-secret'}}", headers);
        assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    }

    private static Received one(List<Received> spans, String name) {
        assertThat(spans).filteredOn(span -> span.name().equals(name)).as(name).hasSize(1);
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneTraceOverARestartFromTheCallersRequestToTheEnd() throws Exception {
        try (var receiver = new OtlpReceiver();
                var tracing = Tracing.open(receiver.settings(), "worker")) {
            String token;
            try (var stack = new Stack(receiver.settings())) {
                assertThat(stack.api.post("/v1/state-machines", APPROVAL).status())
                        .isEqualTo(201);
                try (var _ = worker(stack, tracing)) {
                    start(stack, "01");
                    var first = asked();
                    token = first.token();
                    stack.restartOrchestrator();
                    succeed(
                            stack,
                            first,
                            "traceparent",
                            first.trace().traceparent().orElseThrow());
                    receiver.until(span -> span.name().equals("execution approval"));

                    // Not sampled by its caller. What there is of it is exported when the stack is closed.
                    start(stack, "00");
                    succeed(stack, asked());
                }
            }
            tracing.close();
            check(receiver.spans());
            assertThat(Stream.of(token, "4111-secret", "charged"))
                    .allSatisfy(secret -> assertThat(receiver.sent()).doesNotContain(secret));
        }
    }

    private static void check(List<Received> all) {
        var spans = all.stream().filter(span -> span.trace().equals(TRACE)).toList();
        assertThat(spans)
                .extracting(Received::service)
                .containsOnly("stepstream-gateway", "stepstream-orchestrator", "worker");
        var request = one(spans, "POST /v1/executions");
        assertThat(request.parent()).isEqualTo(CALLER);
        assertThat(request.kind()).isEqualTo("SERVER");
        assertThat(request.attributes()).containsEntry("http.response.status_code", "201");
        var execution = one(spans, "execution approval");
        assertThat(execution.parent()).isEqualTo(request.id());
        for (var state : List.of("Charge", "Ask", "Rest", "Told")) {
            assertThat(one(spans, state).parent()).as(state).isEqualTo(execution.id());
        }
        var charge = one(spans, "task Charge");
        assertThat(charge.parent()).isEqualTo(one(spans, "Charge").id());
        var handler = one(spans, "task charge");
        assertThat(handler.parent()).isEqualTo(charge.id());
        assertThat(charge.links()).containsExactly(handler.id());
        var callback = one(spans, "POST /v1/tasks/{token}/success");
        assertThat(callback.parent()).isEqualTo(one(spans, "task ask").id());
        assertThat(one(spans, "task Ask").links()).containsExactly(callback.id());
        assertThat(one(spans, "task ask").parent())
                .isEqualTo(one(spans, "task Ask").id());
        var rest = one(spans, "wait Rest");
        assertThat(Duration.between(rest.start(), rest.end())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(execution.start()).isEqualTo(one(spans, "Charge").start());
        assertThat(execution.end()).isEqualTo(one(spans, "Told").end());
        assertThat(one(spans, "Ask").start()).isBefore(callback.start());
        assertThat(one(spans, "Rest").start()).isEqualTo(one(spans, "Ask").end());
    }

    /** A mail has no place for a trace: as OpenTelemetry's conventions for messages have it, each of the two leads to the other. */
    @Test
    void aClickOnALinkAndTheTaskThatItDecidesAreLinked() throws Exception {
        try (var receiver = new OtlpReceiver()) {
            try (var stack = new Stack(receiver.settings())) {
                assertThat(stack.api.post("/v1/state-machines", ASK).status()).isEqualTo(201);
                start(stack, "01");
                var link = ApprovalLink.make(
                        new Flow(stack.api).token("ask"),
                        new Caveats(Decision.APPROVED, Optional.empty(), Optional.of("ada@example.org")));
                assertThat(stack.api.get("/a/" + link).status()).isEqualTo(200);
                assertThat(stack.api.form("/a/" + link, "comment=yes").status()).isEqualTo(303);
                receiver.until(span -> span.name().equals("execution approval"));
            }
            var spans = receiver.spans();
            var ofExecution =
                    spans.stream().filter(span -> span.trace().equals(TRACE)).toList();
            var task = one(ofExecution, "task Ask");
            assertThat(spans)
                    .filteredOn(span -> task.links().contains(span.id()))
                    .hasSize(1)
                    .allSatisfy(click -> {
                        assertThat(click.trace()).isNotEqualTo(TRACE);
                        assertThat(click.parent()).isEmpty();
                        assertThat(click.attributes()).containsEntry("http.request.method", "POST");
                        assertThat(click.links())
                                .containsExactly(
                                        one(ofExecution, "execution approval").id());
                    });
        }
    }

    /** Switched off, a gateway hands on what it is given. */
    @Test
    void withoutSpansTheCallersTraceIsHandedOn() throws Exception {
        try (var stack = new Stack()) {
            assertThat(stack.api.post("/v1/state-machines", APPROVAL).status()).isEqualTo(201);
            start(stack, "01");
            var request = new TopicPartition(Topics.taskRequests("charge"), 0);
            try (var consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                var partitions = consumer.partitionsFor(request.topic()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                var records = consumer.poll(Duration.ofSeconds(30));
                assertThat(records)
                        .hasSize(1)
                        .allSatisfy(record -> assertThat(TraceHeaders.of(record.headers()))
                                .isEqualTo(TraceHeaders.of(TRACE, CALLER, true, "")));
            }
            // A worker that polls by HTTP answers within the trace too, if it sends this with its answer.
            var polled =
                    stack.api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("charge")));
            assertThat(polled.json().has("taskToken")).isTrue();
            assertThat(polled.header("traceparent")).isEqualTo("00-" + TRACE + "-" + CALLER + "-01");
        }
    }
}
