package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept for a redrive goes when there can be none any more, on a test driver. */
class SweepTest {
    private static final Duration ALMOST = Duration.ofDays(13);
    private static final Duration REST = Duration.ofDays(2);

    /** One branch ends well, the other waits for somebody. */
    private static final String BRANCHES = """
            {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
              {"StartAt": "Well", "States": {"Well": {"Type": "Pass", "End": true}}},
              {"StartAt": "Work", "States": {"Work": {"Type": "Task",
                "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}]}}}""";

    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task",
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";

    private final EngineUnderTest engine = new EngineUnderTest(new Sealing(MasterKeys.generate(), List.of("sealed")));

    SweepTest() {
        engine.taskTopics.add("work");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private TaskRequest started(String machine) {
        // Larger than what is packed: a row of its own.
        engine.start(
                machine, engine.create(machine, BRANCHES), "run", "{\"text\": \"%s\"}".formatted("x".repeat(1000)));
        return engine.request("work");
    }

    private void redrive(String machine) {
        var arn = Arns.DEFAULT.execution(machine, "run");
        engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(engine.caller(), new RedriveExecution(arn)));
    }

    private int rows() {
        return engine.size(EngineTopology.ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "sealed"})
    void afterTheWindowOnlyWhatItWasIsLeft(String machine) {
        var request = started(machine);
        engine.answer(request, new TaskFailed("Broken", "it broke"));
        var kept = rows();
        engine.advance(ALMOST);
        assertThat(rows()).isEqualTo(kept);
        engine.read(Topics.EXECUTIONS, ExecutionStatus.class);
        engine.read(Topics.HISTORY, HistoryRecord.class);

        engine.advance(REST);
        // The state machine and the packed execution.
        assertThat(rows()).isEqualTo(2);
        assertThat(engine.get(RowKeys.execution(request.getExecutionId()))).isNotNull();
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
        assertThat(engine.read(Topics.EXECUTIONS, ExecutionStatus.class)).isEmpty();
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class)).isEmpty();

        redrive(machine);
        var verdict = engine.verdict();
        assertThat(verdict.getRefusal()).isEqualTo("EXECUTION_NOT_REDRIVABLE");
        assertThat(verdict.getMessage()).isEqualTo("Execution redrivable period exceeded");
        engine.answer(request, new TaskSucceeded(Payloads.of("1")));
        assertThat(engine.refusal()).isPresent();
        engine.start(machine, EngineUnderTest.revision(BRANCHES), "run", "{}");
        assertThat(engine.refusal()).contains("EXECUTION_ALREADY_EXISTS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "sealed"})
    void whatWasRedrivenIsLeftAloneUntilItHasEndedAgain(String machine) {
        engine.answer(started(machine), new TaskFailed("Broken", "it broke"));
        engine.advance(ALMOST);
        redrive(machine);
        assertThat(engine.refusal()).isEmpty();
        var again = engine.request("work");
        engine.advance(REST);
        engine.answer(again, new TaskFailed("Broken", "it broke again"));
        assertThat(engine.refusal()).isEmpty();
        var kept = rows();
        engine.advance(ALMOST);
        assertThat(rows()).isEqualTo(kept);
        engine.advance(REST);
        assertThat(rows()).isEqualTo(2);
    }

    /** Six events there are, and a redrive needs room for two. */
    @ParameterizedTest
    @CsvSource({"9, ", "8, Execution history event limit exceeded"})
    void theLastStatusSaysWhatARedriveWouldBeToldAtOnce(int events, String obstacle) {
        try (var limited = new EngineUnderTest(1, new Limits(100, 512 * 1024, 16, 256 * 1024, events, 16))) {
            limited.taskTopics.add("work");
            limited.start("plain", limited.create("plain", WORK), "run", "{}");
            limited.answer(limited.request("work"), new TaskFailed("Broken", "it broke"));
            var last = limited.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast();
            assertThat(last.getStatus()).isEqualTo("FAILED");
            assertThat(last.getRedriveObstacle()).isEqualTo(obstacle);
            var arn = Arns.DEFAULT.execution("plain", "run");
            limited.send(
                    Topics.COMMANDS, Arns.executionId(arn), new Command(limited.caller(), new RedriveExecution(arn)));
            assertThat(limited.verdict().getMessage())
                    .isEqualTo(Optional.ofNullable(obstacle).orElse(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain"})
    void manyRowsGoInPasses(String machine) {
        var request = started(machine);
        engine.answer(request, new TaskFailed("Broken", "it broke"));
        for (var i = 0; i < 2500; i++) {
            engine.put(RowKeys.frame(request.getExecutionId(), "/9/" + i + "/"), new byte[] {1});
        }
        engine.forward(ALMOST);
        engine.forward(REST);
        assertThat(rows()).isGreaterThan(1000);
        engine.advance(Duration.ofSeconds(1));
        assertThat(rows()).isEqualTo(2);
    }
}
