package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What workers on a real broker answer. The id of a request names its execution. */
class WorkerOnKafkaTest {

    record Order(String item, int count) {}

    record Receipt(int total) {}

    private static final String SECRET = "4111-secret";
    private static final String FAIL = "fail " + SECRET;
    private static final String POISON = "poison " + SECRET;

    @TempDir
    static Path folder;

    private static TaskBench bench;

    private final List<Worker> running = new ArrayList<>();

    @BeforeAll
    static void start() {
        bench = new TaskBench(folder);
    }

    private Worker start(Worker.Builder builder) {
        Worker worker = builder.start();
        running.add(worker);
        return worker;
    }

    @AfterEach
    void stopWorkers() {
        running.forEach(Worker::close);
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    @Test
    void aHandlersResultIsTheTasksOutput() throws Exception {
        bench.createTask("price");
        bench.request("price", "order-1", "{\"item\":\"desk\",\"count\":2}");

        try (var worker = bench.worker("w")
                .task("price", Order.class, (order, task) -> new Receipt(order.count() * 5))
                .start()) {
            assertThat(TaskBench.only(bench.results("order-1", 1))).isEqualTo("{\"total\":10}");
        }

        TaskResult result = bench.results("order-1", 1).getFirst();
        assertThat(result.getToken()).isEqualTo("token-of-order-1");
        assertThat(result.getCaller().getPrincipal()).isEqualTo("w");
    }

    @Test
    void aLambdaTellsWhatItTakesAndTheRegistryIsWhereTheSettingsSay() throws Exception {
        bench.createTask("charge-card");
        bench.request("charge-card", "charge-1", "{\"item\":\"desk\",\"count\":3}");
        System.setProperty("stepstream.registry", bench.registry().toString());

        try (var worker = Worker.builder()
                .bootstrapServers(bench.bootstrapServers())
                .task("charge-card", (Order in, TaskContext task) -> new Receipt(in.count() * 7))
                .start()) {
            assertThat(TaskBench.only(bench.results("charge-1", 1))).isEqualTo("{\"total\":21}");
        } finally {
            System.clearProperty("stepstream.registry");
        }
    }

    @Test
    void theAnswerIsInTheTraceOfItsRequest() throws Exception {
        bench.createTask("traced");
        bench.request("traced", "traced-1", "1");
        bench.createTask("spanned");
        bench.request("spanned", "spanned-1", "1");
        var spans = InMemorySpanExporter.create();
        var tracing = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .build();

        start(bench.worker("w").task("traced", Integer.class, (in, task) -> in));
        start(bench.worker("w")
                .observer(new OpenTelemetryObserver(tracing))
                .task(
                        "spanned",
                        Integer.class,
                        (in, task) -> Span.current().getSpanContext().getTraceId()));

        assertThat(bench.traces("traced-1", 1)).containsExactly(TaskBench.TRACEPARENT);
        String answered = bench.traces("spanned-1", 1).getFirst();
        SpanData span = spans.getFinishedSpanItems().getFirst();
        assertThat(span.getName()).isEqualTo("task spanned");
        assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(answered).isEqualTo("00-0af7651916cd43dd8448eb211c80319c-" + span.getSpanId() + "-01");
        assertThat(TaskBench.only(bench.results("spanned-1", 1))).isEqualTo("\"0af7651916cd43dd8448eb211c80319c\"");
    }

    @Test
    void aWorkerMayBeThereBeforeItsTopic() throws Exception {
        try (var worker = bench.worker("w")
                .task("early", JsonNode.class, (in, task) -> in)
                .start()) {
            bench.createTask("early");
            bench.request("early", "early-1", "[1]");
            assertThat(TaskBench.only(bench.results("early-1", 1))).isEqualTo("[1]");
        }
    }

    @Test
    void whatAHandlerThrowsFailsItsTask() throws Exception {
        bench.createTask("fails");
        bench.request("fails", "fails-1", "\"exception\"");
        bench.request("fails", "fails-2", "\"own error\"");
        bench.request("fails", "fails-3", "\"poison\"");

        TaskHandler<String> handler = (in, task) -> {
            switch (in) {
                case "exception" -> throw new IllegalStateException("no luck");
                case "own error" -> throw new TaskError("CardDeclined", "no money");
                default -> throw new PoisonousRequest("NoSuchCard", "never valid");
            }
        };
        start(bench.worker("w").task("fails", String.class, handler));

        assertThat(TaskBench.only(bench.results("fails-1", 1))).isEqualTo("java.lang.IllegalStateException: no luck");
        assertThat(TaskBench.only(bench.results("fails-2", 1))).isEqualTo("CardDeclined: no money");
        assertThat(TaskBench.only(bench.results("fails-3", 1))).isEqualTo("NoSuchCard: never valid");
        DeadLetter letter = bench.deadLetters("fails-3", 1).getFirst();
        assertThat(letter.getError()).isEqualTo("NoSuchCard");
        assertThat(letter.getBy()).isEqualTo("w");
        assertThat(letter.getTopic()).isEqualTo("stepstream.task-requests.fails");
    }

    @Test
    void theLogSaysWhereAndWhatKindAndNothingOfAUsersOwn() throws Exception {
        bench.createTask("quiet");
        var ours = (Logger) LoggerFactory.getLogger("io.stepstream");
        var level = ours.getEffectiveLevel();
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        ours.setLevel(Level.TRACE);
        ours.addAppender(said);
        try (var worker = bench.worker("w")
                .task("quiet", String.class, (in, task) -> {
                    switch (in) {
                        case FAIL -> throw new IllegalStateException(in);
                        case POISON -> throw new PoisonousRequest("NoSuchCard", in);
                        default -> {
                            return in;
                        }
                    }
                })
                .start()) {
            bench.request("quiet", "quiet-1", "\"" + SECRET + "\"");
            bench.request("quiet", "quiet-2", "\"" + FAIL + "\"");
            bench.request("quiet", "quiet-3", "\"" + POISON + "\"");
            bench.request("quiet", "quiet-4", "{\"card\":\"" + SECRET + "\"}");
            for (int i = 1; i <= 4; i++) {
                assertThat(bench.results("quiet-" + i, 1)).hasSize(1);
            }
        } finally {
            ours.detachAppender(said);
            ours.setLevel(level);
        }
        var encoder = new JsonEncoder();
        encoder.setContext(ours.getLoggerContext());
        encoder.start();
        var lines = said.list.stream()
                .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
                .toList();
        assertThat(lines)
                .anyMatch(line -> line.contains("NoSuchCard"))
                .anyMatch(line -> line.contains("java.lang.IllegalStateException"))
                .allSatisfy(line -> assertThat(line).doesNotContain(SECRET).doesNotContain("token-of-"));
    }

    @Test
    void whatCannotBeReadGoesToDeadLettersAndItsTaskFails() throws Exception {
        bench.createTask("unreadable");
        bench.send("unreadable", "bytes-1", "not Avro".getBytes(StandardCharsets.UTF_8), Map.of());
        bench.send(
                "unreadable",
                "bytes-2",
                "not Avro either".getBytes(StandardCharsets.UTF_8),
                Map.of("stepstream-task-token", "token-of-bytes-2"));
        bench.request("unreadable", "type-1", "{\"count\":\"many\"}");
        bench.request("unreadable", "good-1", "{\"item\":\"desk\",\"count\":1}");

        try (var worker = bench.worker("w")
                .task("unreadable", Order.class, (order, task) -> order.item())
                .start()) {
            assertThat(TaskBench.only(bench.results("good-1", 1))).isEqualTo("\"desk\"");
            assertThat(TaskBench.only(bench.results("type-1", 1))).startsWith("Stepstream.UnreadableRequest: ");
        }

        TaskResult byHeader = bench.resultsByKey("bytes-2").getFirst();
        assertThat(byHeader.getToken()).isEqualTo("token-of-bytes-2");
        assertThat(TaskBench.only(List.of(byHeader)))
                .startsWith("Stepstream.UnreadableRequest: the request cannot be read");
        assertThat(bench.deadLetters("bytes-2", 1)).hasSize(1);
        assertThat(bench.deadLetters("bytes-1", 1))
                .extracting(DeadLetter::getError)
                .containsExactly("Stepstream.UnreadableRequest");
        assertThat(bench.deadLetters("type-1", 1)).hasSize(1);
    }

    @Test
    void aTaskLeftOpenIsNotAnsweredByTheHandlersReturnButIsFailedByItsException() throws Exception {
        bench.createTask("ask");
        bench.request("ask", "ask-1", "\"mail\"", request -> request.setAwaitsCallback(true));
        bench.request("ask", "ask-2", "\"later\"");
        bench.request("ask", "ask-3", "\"fail\"", request -> request.setAwaitsCallback(true));
        Queue<String> tokens = new ConcurrentLinkedQueue<>();
        TaskHandler<String> handler = (in, task) -> {
            tokens.add(task.token() + " " + task.idempotencyKey());
            if (in.equals("fail")) {
                throw new TaskError("MailNotSent", "no such address");
            }
            task.later();
            return "ignored";
        };

        Worker worker = start(bench.worker("w").task("ask", String.class, handler));

        assertThat(TaskBench.only(bench.results("ask-3", 1))).isEqualTo("MailNotSent: no such address");
        worker.close();
        assertThat(tokens).contains("token-of-ask-1 ask-1-key", "token-of-ask-2 ask-2-key");
        assertThat(bench.results("ask-1", 0)).isEmpty();
        assertThat(bench.results("ask-2", 0)).isEmpty();
    }

    @Test
    void aRegistryThatIsDownStopsNobodyWhoKnowsTheSchemasAndTheRestWaits() throws Exception {
        bench.createTask("known");
        var registry = LocalRegistry.start(bench.bootstrapServers(), 0);
        int port = registry.uri().getPort();
        try (var worker = bench.worker("w")
                .registry(registry.uri())
                .task("known", Integer.class, (in, task) -> in + 1)
                .start()) {
            registry.close();
            // The worker has not seen the schema of requests yet.
            bench.request("known", "known-1", "1");
            registry = LocalRegistry.start(bench.bootstrapServers(), port);
            assertThat(TaskBench.only(bench.results("known-1", 1))).isEqualTo("2");

            registry.close();
            bench.request("known", "known-2", "2");
            assertThat(TaskBench.only(bench.results("known-2", 1))).isEqualTo("3");
        } finally {
            registry.close();
        }
    }

    @Test
    void anAnswerWaitsForARegistryThatIsAwayAndUsesUpNoDelivery() throws Exception {
        bench.createTask("patient");
        bench.request("patient", "patient-1", "1");
        var registry = new AtomicReference<>(LocalRegistry.start(bench.bootstrapServers(), 0));
        int port = registry.get().uri().getPort();
        var calls = new AtomicInteger();
        var away = new CountDownLatch(1);
        // The worker has read the request, and has not seen the schema of results yet.
        try (var worker = bench.worker("w")
                .registry(registry.get().uri())
                .task("patient", Integer.class, (in, task) -> {
                    registry.get().close();
                    away.countDown();
                    return in + calls.incrementAndGet();
                })
                .start()) {
            assertThat(away.await(30, TimeUnit.SECONDS)).isTrue();
            bench.results("patient-1", 0);
            registry.set(LocalRegistry.start(bench.bootstrapServers(), port));
            assertThat(TaskBench.only(bench.results("patient-1", 1))).isEqualTo("2");
        } finally {
            registry.get().close();
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void anOutputThatNoRecordHoldsFailsItsTask() throws Exception {
        bench.createTask("vast");
        bench.request("vast", "vast-1", "5000000");

        start(bench.worker("w").task("vast", Integer.class, (in, task) -> "x".repeat(in)));

        assertThat(TaskBench.only(bench.results("vast-1", 1)))
                .isEqualTo("States.DataLimitExceeded: the output has 5000002 characters, more than a record holds");
    }

    @Test
    void aWorkerSaysWhatItLacks() {
        assertThatThrownBy(() -> Worker.builder().start()).hasMessageContaining("no task");
        assertThatThrownBy(() -> Worker.builder()
                        .task("a", String.class, (in, task) -> in)
                        .start())
                .hasMessageContaining("bootstrapServers");
        assertThatThrownBy(() -> Worker.builder()
                        .task("a", String.class, (in, task) -> in)
                        .task("a", String.class, (in, task) -> in))
                .hasMessageContaining("task a has a handler already");
    }
}
