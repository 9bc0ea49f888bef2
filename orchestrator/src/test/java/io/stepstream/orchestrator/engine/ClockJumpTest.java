package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TimerFired;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A clock that is set an hour forward or back, with a timer of each kind set: nothing is lost, nothing fires twice, no step is before another.
 * The test driver's clock does not go back: an execution that was started by an append time of an hour from now is what one is that was
 * started before the clock was set back.
 */
class ClockJumpTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final EngineUnderTest engine = new EngineUnderTest();

    /** A timer, and how an execution ends that has nothing else. */
    private enum Waiting {
        WAIT("""
                {"Type": "Wait", "Seconds": 60, "End": true}""", _ -> {}, "SUCCEEDED"),
        BACKOFF("""
                {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true,
                 "Retry": [{"ErrorEquals": ["Once"], "IntervalSeconds": 60, "MaxAttempts": 1}]}""", engine -> engine.answer(engine.request("work"), new TaskFailed("Once", null)), "SUCCEEDED"),
        TIMEOUT("""
                {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "TimeoutSeconds": 60, "End": true}""", _ -> {}, "FAILED"),
        HEARTBEAT("""
                {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "TimeoutSeconds": 7200, "HeartbeatSeconds": 60, "End": true}""", engine -> engine.answer(engine.request("work"), new TaskHeartbeat()), "FAILED");

        final String state;
        final Consumer<EngineUnderTest> before;
        final String status;

        Waiting(String state, Consumer<EngineUnderTest> before, String status) {
            this.state = state;
            this.before = before;
            this.status = status;
        }
    }

    static Stream<Arguments> jumps() {
        return Stream.of(Waiting.values())
                .flatMap(waiting -> Stream.of(HOUR, HOUR.negated()).map(jump -> Arguments.of(waiting, jump)));
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void aTimerFiresOnce(Waiting waiting, Duration jump) {
        engine.taskTopics.add("work");
        begin("{\"StartAt\": \"A\", \"States\": {\"A\": " + waiting.state + "}}", jump);
        waiting.before.accept(engine);
        jump(jump);
        engine.advance(Duration.ofHours(2));
        // Of the backoff, what it has been waiting for.
        engine.read(Topics.taskRequests("work"), TaskRequest.class)
                .forEach(request -> engine.answer(request, new TaskSucceeded(Payloads.of("{}"))));
        engine.advance(Duration.ofHours(2));
        assertEndedOnce(waiting.status);
    }

    /** Also where the clock jumps over the end of a wait as well, which fires sooner: what comes after the deadline never comes. */
    @ParameterizedTest
    @MethodSource("jumps")
    void anExecutionTimesOutOnce(Waiting waiting, Duration jump) {
        engine.taskTopics.add("work");
        begin("{\"StartAt\": \"A\", \"TimeoutSeconds\": 30, \"States\": {\"A\": " + waiting.state + "}}", jump);
        jump(jump);
        engine.advance(Duration.ofHours(2));
        assertThat(statuses()).containsExactly("RUNNING", "TIMED_OUT");
        assertNothingIsLeft();
    }

    /** Answers and stops go on at any time; the execution's own time never goes back. */
    @Test
    void stepsStayInTheOrderOfTheirTimes() {
        engine.taskTopics.add("work");
        begin("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "TimeoutSeconds": 60, "Next": "B"},
                  "B": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "TimeoutSeconds": 60, "End": true}}}""", HOUR.negated());
        engine.answer(engine.request("work"), new TaskSucceeded(Payloads.of("{}")));
        engine.answer(engine.request("work"), new TaskSucceeded(Payloads.of("{}")));
        engine.tick();
        var steps = engine.read(Topics.HISTORY, HistoryRecord.class);
        assertThat(steps).extracting(HistoryRecord::getNow).isSortedAccordingTo(Comparator.<Instant>naturalOrder());
        assertThat(statuses()).containsExactly("RUNNING", "SUCCEEDED");
        assertNothingIsLeft();
    }

    @Test
    void howLateTimersFireIsMeasured() {
        begin("{\"StartAt\": \"A\", \"States\": {\"A\": " + Waiting.WAIT.state + "}}", HOUR);
        engine.forward(HOUR);
        engine.tick();
        assertThat(statuses()).containsExactly("RUNNING", "SUCCEEDED");
        var overdue = engine.meters.get("stepstream.timers.overdue").timer();
        assertThat(overdue.count()).isEqualTo(1);
        assertThat(overdue.max(TimeUnit.MINUTES)).isBetween(59.0, 60.0);
        assertNothingIsLeft();
    }

    /** Five years of waits of a year, with a task after each. */
    @Test
    void anExecutionLastsForYears() {
        engine.taskTopics.add("work");
        begin("""
                {"StartAt": "Wait", "States": {
                  "Wait": {"Type": "Wait", "Seconds": 31536000, "Next": "Work"},
                  "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "ResultPath": null, "Next": "Count"},
                  "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Enough"},
                  "Enough": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "Wait"}], "Default": "Done"},
                  "Done": {"Type": "Succeed"}}}""", Duration.ZERO);
        for (var year = 1; year <= 5; year++) {
            engine.advance(Duration.ofDays(364));
            assertThat(engine.read(Topics.taskRequests("work"), TaskRequest.class))
                    .isEmpty();
            engine.advance(Duration.ofDays(1));
            engine.answer(engine.request("work"), new TaskSucceeded(Payloads.of("{}")));
        }
        engine.tick();
        assertThat(statuses()).containsExactly("RUNNING", "SUCCEEDED");
        assertNothingIsLeft();
    }

    /** Starts an execution; one whose clock is to be set back, ahead of that clock. */
    private void begin(String definition, Duration jump) {
        var arn = Arns.DEFAULT.execution("machine", "run");
        var start = StartExecution.newBuilder()
                .setExecutionArn(arn)
                .setName("run")
                .setStateMachineArn(Arns.DEFAULT.stateMachine("machine"))
                .setRevision(engine.create("machine", definition))
                .setInput(Payloads.of("{\"n\": 0}"))
                .build();
        var appended = jump.isNegative() ? engine.now().minus(jump) : engine.now();
        engine.sendAt(appended, Topics.COMMANDS, Arns.executionId(arn), new Command(engine.caller(), start));
        engine.tick();
    }

    private void jump(Duration jump) {
        if (jump.isPositive()) {
            engine.forward(jump);
        }
        engine.tick();
    }

    private List<String> statuses() {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).stream()
                .map(ExecutionStatus::getStatus)
                .toList();
    }

    private void assertEndedOnce(String status) {
        assertThat(statuses()).containsExactly("RUNNING", status);
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class))
                .filteredOn(step -> step.getCommand() instanceof TimerFired)
                .hasSize(1);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(engine.timersButSweeps()).isZero();
        assertThat(engine.size(EngineTopology.PARKED)).isZero();
        engine.close();
    }
}
