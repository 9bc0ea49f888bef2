package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.trace.Traces;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.tracing.OtlpReceiver;
import io.stepstream.tracing.OtlpReceiver.Received;
import io.stepstream.tracing.TraceHeaders;
import io.stepstream.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The spans of executions, as a collector gets them. */
class TraceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final TraceHeaders CALLER = TraceHeaders.of(TRACE, "00000000000000ca", true, "vendor=1");
    private static final TraceHeaders WORKER = TraceHeaders.of(TRACE, "00000000000000bb", true, "");

    private static final String ORDER = """
            {"StartAt": "Work", "States": {
              "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "Next": "Rest",
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 20}]},
              "Rest": {"Type": "Wait", "Seconds": 1000000, "Next": "Both"},
              "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "Quick", "States": {"Quick": {"Type": "Pass", "Next": "Quicker"}, "Quicker": {"Type": "Pass", "End": true}}},
                {"StartAt": "Slow", "States": {"Slow": {"Type": "Task", "Resource": "arn:stepstream:kafka:::slow", "End": true}}}]}}}""";

    private final List<SpanContext> asking = new ArrayList<>();
    private final OtlpReceiver receiver = new OtlpReceiver();
    private Tracing tracing = Tracing.open(receiver.settings(), "engine");
    private EngineUnderTest engine = engine();

    private EngineUnderTest engine() {
        var made = new EngineUnderTest(1, Limits.DEFAULT, Sealing.OFF, new Traces(tracing));
        made.taskTopics.addAll(List.of("work", "slow"));
        return made;
    }

    /** Another engine, whose OpenTelemetry is told this too. */
    private void restarted(Map<String, String> properties) {
        engine.close();
        tracing.close();
        tracing = Tracing.open(receiver.settings(properties), "engine");
        engine = engine();
    }

    @AfterEach
    void close() {
        engine.close();
        tracing.close();
        receiver.close();
    }

    private List<Received> spans() {
        tracing.close();
        return receiver.spans();
    }

    private String tree() {
        return OtlpReceiver.tree(spans(), EngineUnderTest.START);
    }

    private void answer(TaskRequest request, Object body, TraceHeaders trace) {
        engine.send(Topics.TASK_RESULTS, request.getExecutionId(), engine.result(request.getToken(), body), trace);
        engine.tick();
    }

    private void pass(int seconds) {
        engine.advance(Duration.ofSeconds(seconds));
    }

    private List<TraceHeaders> headers(String topic) {
        return engine.records(topic).stream()
                .map(record -> TraceHeaders.of(record.headers()))
                .toList();
    }

    private static TaskSucceeded done() {
        return new TaskSucceeded(Payloads.of("{\"secret\":\"of the answer\"}"));
    }

    private void order(TraceHeaders caller) {
        engine.start("order", engine.create("order", ORDER), "run", "{\"secret\":\"of the input\"}", caller);
        pass(10);
        answer(requested("work"), new TaskFailed("Secret.error", "a secret cause"), TraceHeaders.NONE);
        pass(30);
        answer(requested("work"), done(), WORKER);
        pass(1_000_001);
        answer(requested("slow"), done(), WORKER);
    }

    /** The one request for this task that has come since; the span that it came from is noted. */
    private TaskRequest requested(String task) {
        var records = engine.records(Topics.taskRequests(task));
        assertThat(records).hasSize(1);
        asking.add(TraceHeaders.of(records.getFirst().headers()).span());
        return engine.decode(records.getFirst().value(), TaskRequest.class);
    }

    @Test
    void oneTraceFromTheCallerToTheEndOverRetriesDaysAndBranches() {
        order(CALLER);
        assertThat(tree()).isEqualTo("""
                execution order 0..1000041
                  Work 0..40
                    task Work 0..10 ERROR FAILED
                    backoff Work 10..30
                    task Work 30..40
                  Rest 40..1000040
                    wait Rest 40..1000040
                  Both 1000040..1000041
                    Quick 1000040..1000040
                    Quicker 1000040..1000040
                    Slow 1000040..1000041
                      task Slow 1000040..1000041
                """);
        assertThat(spans()).extracting(Received::trace).containsOnly(TRACE);
        assertThat(spans()).extracting(Received::state).containsOnly("vendor=1");
        assertThat(named("execution order").parent()).isEqualTo("00000000000000ca");
        assertThat(named("task Slow").links()).containsExactly("00000000000000bb");
        assertThat(named("task Slow").kind()).isEqualTo("PRODUCER");
        assertThat(named("task Slow").attributes())
                .containsEntry("stepstream.execution.arn", Arns.DEFAULT.execution("order", "run"))
                .containsEntry("stepstream.state", "Slow")
                .containsEntry("stepstream.status", "SUCCEEDED")
                .containsEntry("stepstream.attempt", "0");
    }

    private Received named(String name) {
        return spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingThatAUserKeepsToHimselfIsInASpan() {
        order(CALLER);
        assertThat(spans()).isNotEmpty();
        var tokens = engine.read(Topics.HISTORY, HistoryRecord.class).stream()
                .flatMap(step -> step.getTokens().stream())
                .map(minted -> String.valueOf(minted.getToken()))
                .toList();
        assertThat(tokens).hasSize(3);
        assertThat(Stream.concat(tokens.stream(), Stream.of("secret", "Secret")))
                .allSatisfy(secret -> assertThat(receiver.sent()).doesNotContain(secret));
    }

    /** Whoever gets a request is a child of the task's span, which is exported when the task is over: also after timers, which come without headers. */
    @Test
    void aRequestIsFromTheSpanOfItsTask() {
        order(CALLER);
        assertThat(asking).extracting(SpanContext::getTraceId).containsOnly(TRACE);
        assertThat(asking).allMatch(SpanContext::isSampled);
        assertThat(spans())
                .filteredOn(span -> span.name().startsWith("task "))
                .extracting(Received::id)
                .containsExactlyElementsOf(
                        asking.stream().map(SpanContext::getSpanId).toList());
        var execution = named("execution order").id();
        assertThat(Stream.of(Topics.HISTORY, Topics.EXECUTIONS).flatMap(topic -> headers(topic).stream()))
                .isNotEmpty()
                .allSatisfy(headers -> assertThat(headers.span().getSpanId()).isEqualTo(execution));
        assertThat(headers(Topics.VERDICTS).getLast().span().getSpanId()).isEqualTo(execution);
    }

    @Test
    void aStopEndsWhateverIsOpen() {
        engine.start("order", engine.create("order", ORDER), "run", "{}", CALLER);
        pass(10);
        engine.send(
                Topics.COMMANDS,
                Arns.executionId(Arns.DEFAULT.execution("order", "run")),
                new Command(engine.caller(), new StopExecution(Arns.DEFAULT.execution("order", "run"), null, null)));
        assertThat(tree()).isEqualTo("""
                execution order 0..10 ERROR ABORTED
                  Work 0..10 ERROR not left by its exit
                    task Work 0..10 ERROR ABORTED
                """);
    }

    private static String revision() {
        return EngineUnderTest.revision(ORDER);
    }

    @Test
    void aStartWithoutATraceBeginsOne() {
        order(TraceHeaders.NONE);
        assertThat(named("execution order").parent()).isEmpty();
        assertThat(spans())
                .hasSize(12)
                .extracting(Received::trace)
                .containsOnly(named("execution order").trace());
    }

    @Test
    void whatTheCallerDoesNotSampleIsPassedOnAndNotExported() {
        order(TraceHeaders.of(TRACE, "00000000000000ca", false, ""));
        assertThat(headers(Topics.HISTORY)).allSatisfy(record -> {
            assertThat(record.span().getTraceId()).isEqualTo(TRACE);
            assertThat(record.span().isSampled()).isFalse();
        });
        assertThat(spans()).isEmpty();
    }

    @Test
    void theSamplerThatIsConfiguredIsAskedOnce() {
        restarted(Map.of("otel.traces.sampler", "parentbased_always_off"));
        order(TraceHeaders.NONE);
        assertThat(spans()).isEmpty();
    }

    @Test
    void switchedOffNothingIsKeptAndHeadersGoOnFromRecordToRecord() {
        engine.close();
        tracing.close();
        tracing = Tracing.off();
        engine = engine();
        engine.start("order", engine.create("order", ORDER), "run", "{}", CALLER);
        assertThat(headers(Topics.taskRequests("work"))).containsExactly(CALLER);
        var row = RowCodec.execution(
                engine.get(RowKeys.execution(Arns.executionId(Arns.DEFAULT.execution("order", "run")))));
        assertThat(row.trace()).isEmpty();
        assertThat(receiver.spans()).isEmpty();
    }

    /** A start that has to wait for its definition keeps its headers meanwhile. */
    @Test
    void aStartThatComesBeforeItsDefinitionIsInItsCallersTrace() {
        engine.start("order", revision(), "early", "{}", CALLER);
        pass(1);
        engine.create("order", ORDER);
        pass(2);
        assertThat(headers(Topics.taskRequests("work")).getFirst().span().getTraceId())
                .isEqualTo(TRACE);
    }

    private static final String CHILD = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true}}}""";

    @ParameterizedTest
    @ValueSource(strings = {".sync:2", ".sync"})
    void aChildIsPartOfItsParentsTask(String pattern) {
        engine.create("child", CHILD);
        var parent = """
                {"StartAt": "Call", "States": {"Call": {"Type": "Task",
                  "Resource": "arn:aws:states:::states:startExecution%s",
                  "Parameters": {"StateMachineArn": "%s", "Name": "one", "Input": {}}, "End": true}}}
                """.formatted(pattern, Arns.DEFAULT.stateMachine("child"));
        engine.start("parent", engine.create("parent", parent), "run", "{}", CALLER);
        pass(5);
        answer(engine.request("work"), done(), TraceHeaders.NONE);
        engine.tick();
        assertThat(tree()).isEqualTo("""
                execution parent 0..5
                  Call 0..5
                    task Call 0..5
                      execution child 0..5
                        Work 0..5
                          task Work 0..5
                """);
    }

    @Test
    void childrenOfAMapRunArePartOfItsState() {
        var map = """
                {"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
                  "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Work", "States": {
                  "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true}}}}}}""";
        engine.start("map", engine.create("map", map), "run", "[1,2]", CALLER);
        pass(5);
        engine.read(Topics.taskRequests("work"), TaskRequest.class)
                .forEach(request -> answer(request, done(), TraceHeaders.NONE));
        pass(1);
        assertThat(tree()).isEqualTo("""
                execution map 0..5
                  Each 0..5
                    execution map 0..5
                      Work 0..5
                        task Work 0..5
                    execution map 0..5
                      Work 0..5
                        task Work 0..5
                """);
    }

    @Test
    void iterationsOfAnInlineMapAreWithinIt() {
        var map = """
                {"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
                  "StartAt": "Check", "States": {
                    "Check": {"Type": "Choice", "Choices": [], "Default": "Work"},
                    "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true}}}}}}""".replace(
                        "\"Choices\": []",
                        "\"Choices\": [{\"Variable\": \"$\", \"NumericGreaterThan\": 9, \"Next\": \"Work\"}]");
        engine.start("map", engine.create("map", map), "run", "[1,2]", CALLER);
        pass(5);
        answer(engine.request("work"), done(), TraceHeaders.NONE);
        pass(5);
        answer(engine.request("work"), done(), TraceHeaders.NONE);
        assertThat(tree()).isEqualTo("""
                execution map 0..10
                  Each 0..10
                    Check 0..0
                    Work 0..5
                      task Work 0..5
                    Check 5..5
                    Work 5..10
                      task Work 5..10
                """);
    }

    /** What ended with the first attempt is told once; the second is a span of its own in the same trace. */
    @Test
    void aRedriveGoesOnInTheSameTrace() {
        engine.start("order", engine.create("order", CHILD), "run", "{}", CALLER);
        pass(5);
        answer(engine.request("work"), new TaskFailed("Broken", ""), TraceHeaders.NONE);
        pass(100);
        engine.send(
                Topics.COMMANDS,
                Arns.executionId(Arns.DEFAULT.execution("order", "run")),
                new Command(engine.caller(), new RedriveExecution(Arns.DEFAULT.execution("order", "run"))));
        pass(5);
        answer(engine.request("work"), done(), TraceHeaders.NONE);
        assertThat(tree()).isEqualTo("""
                execution order 0..5 ERROR FAILED
                  Work 0..5 ERROR not left by its exit
                    task Work 0..5 ERROR FAILED
                execution order 105..110
                  Work 105..110
                    task Work 105..110
                """);
        assertThat(spans()).extracting(Received::id).doesNotHaveDuplicates();
        assertThat(spans()).extracting(Received::trace).containsOnly(TRACE);
    }
}
