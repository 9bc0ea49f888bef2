package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.Decided;
import io.stepstream.schemas.avro.Denial;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TaskTaken;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No step makes a record that a topic would refuse: the transaction of a refused record could never be committed. */
class LargestStepTest {
    private static final int STATES = 30;
    private static final int BRANCHES = 6;
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true}}}""";

    /** Every state changes the payload, so that no record can refer to a payload for a second time. */
    private static String passing() {
        return IntStream.range(0, STATES)
                .mapToObj(i -> """
                        "P%d": {"Type": "Pass", "Parameters": {"n": %d, "big.$": "$.big"}, "Next": "%s"}""".formatted(i, i, i + 1 < STATES ? "P" + (i + 1) : "All"))
                .collect(Collectors.joining(","));
    }

    private static String branches() {
        return IntStream.range(0, BRANCHES)
                .mapToObj(i -> """
                        {"StartAt": "W%d", "States": {"W%d": {"Type": "Task", "Parameters": {"w": %d, "big.$": "$.big"},
                          "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""".formatted(i, i, i))
                .collect(Collectors.joining(","));
    }

    @Test
    void everyRecordOfTheLargestStepsFitsItsTopic() {
        var definition = "{\"StartAt\": \"P0\", \"States\": {" + passing()
                + ", \"All\": {\"Type\": \"Parallel\", \"ResultPath\": null, \"OutputPath\": \"$.n\", \"End\": true,"
                + " \"Branches\": [" + branches() + "]}}}";
        var big = "{\"big\": \"" + "x".repeat(255 * 1024) + "\"}";
        try (var engine = new EngineUnderTest()) {
            engine.taskTopics.add("work");
            engine.start("machine", engine.create("machine", definition), "run", big);
            engine.tick();
            var requests = engine.readBytes(Topics.taskRequests("work"));
            assertThat(requests).hasSize(BRANCHES);
            for (var bytes : requests) {
                var request = engine.decode(bytes, TaskRequest.class);
                engine.answer(request, new TaskSucceeded(Payloads.of("1")));
            }
            engine.tick();
            assertThat(engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast())
                    .satisfies(status -> {
                        assertThat(status.getExecutionArn()).isEqualTo(Arns.DEFAULT.execution("machine", "run"));
                        assertThat(status.getStatus()).isEqualTo("SUCCEEDED");
                    });
            var history = engine.readBytes(Topics.HISTORY);
            assertThat(history).hasSizeGreaterThan(STATES / 3);
            assertThat(List.of(requests, history).stream().flatMap(List::stream))
                    .allSatisfy(bytes -> assertThat(bytes.length).isLessThan(Topics.MAX_RECORD_BYTES));
        }
    }

    /** Fills its variables, and then asks a worker. */
    private static String asking(String name) {
        var assigning = IntStream.range(0, 4)
                .mapToObj(i -> """
                        "%s%d": {"Type": "Pass", "Assign": {"v%d.$": "$.big"}, "Next": "%s%d"}""".formatted(name, i, i, name, i + 1))
                .collect(Collectors.joining(","));
        return """
                {"StartAt": "%1$s0", "States": {%2$s, "%1$s4": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work",
                  "Parameters": {"big.$": "$.big"}, "HeartbeatSeconds": 60, "TimeoutSeconds": 600,
                  "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}], "End": true}}}""".formatted(name, assigning);
    }

    /**
     * Input, variables, a state's data and what is asked of a worker, each as large as it may be, in the one row of an execution with one
     * cursor, in the rows of branches, and in what waits for its turn.
     */
    @Test
    void everyRowOfTheLargestExecutionsFitsItsChangelog() {
        var branched = """
                {"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": [%s, %s], "End": true}}}""".formatted(asking("L"), asking("R"));
        for (var definition : List.of(asking("A"), branched)) {
            try (var engine = new EngineUnderTest()) {
                engine.taskTopics.add("work");
                var revision = engine.create("machine", definition);
                engine.send(
                        Topics.COMMANDS,
                        LimitKeys.task("work"),
                        new Command(engine.caller(), new LimitTask("work", 1)));
                for (var run : List.of("one", "two")) {
                    engine.start("machine", revision, run, "{\"big\": \"" + "x".repeat(255 * 1024) + "\"}");
                    assertThat(engine.refusal()).isEmpty();
                }
                engine.advance(Duration.ofSeconds(1));
                var request = engine.read(Topics.taskRequests("work"), TaskRequest.class)
                        .getFirst();
                engine.answer(request, failed("e", "\u4e2d".repeat(30_000)));
                engine.advance(Duration.ofSeconds(90));
                var sizes = engine.topics().stream()
                        .filter(topic -> topic.endsWith("-changelog"))
                        .flatMap(topic -> engine.raw(topic).stream())
                        .mapToInt(row -> row.length)
                        .summaryStatistics();
                System.out.println("the largest row has " + sizes.getMax() + " bytes");
                assertThat(sizes.getMax()).isBetween(1_300_000, Topics.MAX_REQUEST_BYTES);
            }
        }
    }

    private static final int NEARLY_A_RECORD = Topics.MAX_RECORD_BYTES - 2000;

    private static TaskFailed failed(String error, String cause) {
        return new TaskFailed(error, cause);
    }

    /** What a worker or client writes, without a gateway that looks at it: the task fails, and nothing too large is sent for it. */
    static Stream<Arguments> oversizedAnswers() {
        var large = "x".repeat(NEARLY_A_RECORD);
        return Stream.of(
                Arguments.of("output", new TaskSucceeded(Payloads.of('"' + large + '"')), "States.DataLimitExceeded"),
                Arguments.of(
                        "output above the payload's limit",
                        new TaskSucceeded(Payloads.of('"' + "x".repeat(300_000) + '"')),
                        "States.DataLimitExceeded"),
                Arguments.of("error", failed(large, "c"), ResultInput.MALFORMED),
                Arguments.of("cause", failed("e", large), ResultInput.MALFORMED),
                Arguments.of("worker's name", new TaskTaken(large), ResultInput.MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void oversizedAnswers(String what, Object answer, String error) {
        try (var engine = new EngineUnderTest()) {
            engine.taskTopics.add("work");
            engine.start("machine", engine.create("machine", WORK), "run", "{}");
            engine.tick();
            engine.answer(engine.request("work"), answer);
            engine.tick();
            assertThat(engine.read(Topics.EXECUTIONS, ExecutionStatus.class)
                            .getLast()
                            .getError())
                    .as(what)
                    .isEqualTo(error);
            assertEverythingFits(engine);
        }
    }

    @Test
    void oversizedCommandsAreRefused() {
        var large = "x".repeat(NEARLY_A_RECORD);
        try (var engine = new EngineUnderTest()) {
            engine.taskTopics.add("work");
            var revision = engine.create("machine", WORK);
            engine.start("machine", revision, "run", '"' + large + '"');
            assertThat(engine.refusal()).contains("INVALID_EXECUTION_INPUT");
            engine.start("machine", revision, "x".repeat(100_000), "{}");
            assertThat(engine.refusal()).contains("VALIDATION");
            var id = engine.start("machine", revision, "run", "{}");
            assertThat(engine.refusal()).isEmpty();
            var arn = Arns.DEFAULT.execution("machine", "run");
            engine.send(Topics.COMMANDS, id, new Command(engine.caller(), new StopExecution(arn, "e", large)));
            assertThat(engine.refusal()).contains("VALIDATION");
            var nameless =
                    Caller.newBuilder().setChannel("kafka").setRequestId(large).build();
            engine.send(Topics.COMMANDS, id, new Command(nameless, new StopExecution(arn, "e", "c")));
            engine.tick();
            assertThat(engine.read(Topics.EXECUTIONS, ExecutionStatus.class))
                    .extracting(ExecutionStatus::getStatus)
                    .containsExactly("RUNNING");
            assertEverythingFits(engine);
        }
    }

    private static Decided decided(String comment, @Nullable String fields, Denial denial) {
        return Decided.newBuilder()
                .setDecision("DENIED")
                .setComment(comment)
                .setDecidedBy("me")
                .setFields(fields)
                .setDenial(denial)
                .build();
    }

    /** A person can decide again, in fewer words. */
    static Stream<Arguments> oversizedDecisions() {
        var large = "x".repeat(NEARLY_A_RECORD);
        return Stream.of(
                Arguments.of("comment", decided(large, null, Denial.SUCCEEDS)),
                Arguments.of("fields", decided("no", "{\"why\": \"" + large + "\"}", Denial.FAILS)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void oversizedDecisions(String what, Decided tooLong) {
        try (var engine = new EngineUnderTest()) {
            engine.taskTopics.add("work");
            engine.start("machine", engine.create("machine", WORK), "run", "{}");
            engine.tick();
            var request = engine.request("work");
            engine.answer(request, tooLong);
            assertThat(engine.refusal()).as(what).contains("VALIDATION");
            // The longest that a form has, in characters that take three bytes: it is the failure's cause, in three
            // places.
            engine.answer(
                    request,
                    decided("\u4e2d".repeat(30_000), "{\"why\": \"" + "\u4e2d".repeat(130_000) + "\"}", Denial.FAILS));
            assertThat(engine.refusal()).isEmpty();
            assertEverythingFits(engine);
        }
    }

    private static void assertEverythingFits(EngineUnderTest engine) {
        for (var topic : List.of(Topics.HISTORY, Topics.EXECUTIONS, Topics.VERDICTS, Topics.INTERNAL)) {
            if (engine.topics().contains(topic)) {
                assertThat(engine.raw(topic))
                        .allSatisfy(bytes -> assertThat(bytes.length).isLessThan(Topics.MAX_RECORD_BYTES));
            }
        }
        if (engine.topics().contains(Topics.DEAD_LETTERS)) {
            assertThat(engine.raw(Topics.DEAD_LETTERS))
                    .allSatisfy(bytes -> assertThat(bytes.length).isLessThan(Topics.MAX_REQUEST_BYTES));
        }
    }
}
