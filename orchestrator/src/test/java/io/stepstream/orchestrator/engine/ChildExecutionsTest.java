package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MapRunState;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executions that start executions, through the topology. */
class ChildExecutionsTest {
    private static final String WORK = """
        {"StartAt": "Work", "States": {"Work": {"Type": "Task",
          "Resource": "arn:stepstream:kafka:::work", "End": true}}}\
        """;

    private final EngineUnderTest engine = new EngineUnderTest();
    private final Map<String, ExecutionStatus> statuses = new TreeMap<>();

    @BeforeEach
    void registerTheTask() {
        engine.taskTopics.add("work");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static String calling(String pattern) {
        return """
            {"StartAt": "Call", "States": {"Call": {"Type": "Task",
              "Resource": "arn:aws:states:::states:startExecution%s",
              "Parameters": {"StateMachineArn": "%s", "Name": "one", "Input": {"n": 1}}, "End": true}}}\
            """.formatted(pattern, Arns.DEFAULT.stateMachine("child"));
    }

    private void startParent(String pattern) {
        engine.start("parent", engine.create("parent", calling(pattern)), "run", "{}");
        engine.tick();
    }

    /** The last status of an execution, as the compacted topic tells it. */
    private ExecutionStatus status(String machine, String name) {
        engine.tick();
        engine.read(Topics.EXECUTIONS, ExecutionStatus.class)
                .forEach(status -> statuses.put(status.getExecutionArn(), status));
        var status = statuses.get(Arns.DEFAULT.execution(machine, name));
        if (status == null) {
            throw new AssertionError("no execution " + name + " of " + machine + " among " + statuses.keySet());
        }
        return status;
    }

    private List<String> historyOf(String machine, String name) {
        return engine.read(Topics.HISTORY, HistoryRecord.class).stream()
                .filter(step -> step.getExecutionArn().equals(Arns.DEFAULT.execution(machine, name)))
                .flatMap(step -> step.getEvents().stream())
                .map(event -> event.getType())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {".sync", ".sync:2"})
    void aParentWaitsForItsChild(String pattern) {
        engine.create("child", WORK);
        startParent(pattern);
        assertThat(status("parent", "run").getStatus()).isEqualTo("RUNNING");
        engine.answer(engine.request("work"), new TaskSucceeded(Payloads.of("{\"done\":true}")));
        assertThat(status("child", "one").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(status("parent", "run").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(Payloads.json(status("parent", "run").getOutput())).contains("done", "\"Status\":\"SUCCEEDED\"");
        assertThat(historyOf("parent", "run"))
                .containsExactly(
                        "ExecutionStarted",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSubmitted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ExecutionSucceeded");
    }

    /** The fourth form: the child, or whoever it hands the token to, answers; its end is nothing to the parent. */
    @Test
    void aParentWaitsForTheTokenThatItGivesItsChild() {
        engine.create("child", WORK);
        var calling = calling(".waitForTaskToken").replace("{\"n\": 1}", "{\"token.$\": \"$$.Task.Token\"}");
        engine.start("parent", engine.create("parent", calling), "run", "{}");
        engine.tick();
        var work = engine.request("work");
        engine.answer(work, new TaskSucceeded(Payloads.of("{\"done\":true}")));
        assertThat(status("child", "one").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(status("parent", "run").getStatus()).isEqualTo("RUNNING");

        var token = Payloads.json(work.getInput()).replaceAll("^\\{\"token\":\"|\"}$", "");
        var parent = Arns.executionId(Arns.DEFAULT.execution("parent", "run"));
        engine.send(Topics.TASK_RESULTS, parent, engine.result(token, new TaskSucceeded(Payloads.of("\"by token\""))));
        assertThat(status("parent", "run").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(Payloads.json(status("parent", "run").getOutput())).isEqualTo("\"by token\"");
    }

    @Test
    void aFailingChildFailsItsParent() {
        engine.create("child", WORK);
        startParent(".sync");
        engine.answer(engine.request("work"), new TaskFailed("Broken", "it broke"));
        assertThat(status("parent", "run").getStatus()).isEqualTo("FAILED");
        assertThat(status("parent", "run").getError()).isEqualTo("States.TaskFailed");
        assertThat(status("parent", "run").getCause()).contains("it broke");
    }

    @Test
    void aChildOfNoMachineIsRefusedAfterTenSeconds() {
        startParent("");
        assertThat(status("parent", "run").getStatus()).isEqualTo("RUNNING");
        engine.advance(Duration.ofSeconds(12));
        assertThat(status("parent", "run").getError()).isEqualTo("StepFunctions.StateMachineDoesNotExistException");
        assertThat(engine.timersButSweeps()).isZero();
    }

    @Test
    void aChildWaitsForItsMachine() {
        startParent("");
        engine.advance(Duration.ofMillis(500));
        engine.create("child", WORK);
        engine.advance(Duration.ofSeconds(1));
        assertThat(status("parent", "run").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(status("child", "one").getStatus()).isEqualTo("RUNNING");
    }

    @Test
    void stoppingAParentStopsItsChild() {
        engine.create("child", WORK);
        startParent(".sync");
        stopParent();
        assertThat(status("parent", "run").getStatus()).isEqualTo("ABORTED");
        assertThat(status("child", "one").getStatus()).isEqualTo("ABORTED");
    }

    @Test
    void aChildWhoseParentStoppedBeforeItCouldStartIsStoppedWhenItDoes() {
        startParent(".sync");
        stopParent();
        engine.create("child", WORK);
        engine.advance(Duration.ofSeconds(1));
        assertThat(status("child", "one").getStatus()).isEqualTo("ABORTED");
    }

    private void stopParent() {
        var arn = Arns.DEFAULT.execution("parent", "run");
        engine.send(
                Topics.COMMANDS,
                Arns.executionId(arn),
                new Command(
                        engine.caller(),
                        StopExecution.newBuilder().setExecutionArn(arn).build()));
    }

    @Test
    void aDistributedMapRunsItsItemsAsExecutions() {
        var machine = """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each", "MaxConcurrency": 2,
              "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Work", "States": {"Work": {"Type": "Task",
                  "Resource": "arn:stepstream:kafka:::work", "End": true}}}, "End": true}}}\
            """;
        engine.start("parent", engine.create("parent", machine), "run", "[3,1,2]");
        engine.tick();
        var first = engine.read(Topics.taskRequests("work"), TaskRequest.class);
        assertThat(first).hasSize(2);
        assertThat(first).allMatch(task -> task.getExecutionArn().contains(":execution:parent/each:"));
        for (var task : first) {
            engine.answer(task, new TaskSucceeded(task.getInput()));
        }
        engine.tick();
        var last = engine.request("work");
        engine.answer(last, new TaskSucceeded(last.getInput()));
        assertThat(Payloads.json(status("parent", "run").getOutput())).isEqualTo("[3,1,2]");
        assertThat(historyOf("parent", "run"))
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapRunStarted",
                        "MapRunSucceeded",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "ExecutionSucceeded");
    }

    @Test
    void stoppingAParentStopsItsMapRun() {
        var machine = """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each",
              "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Work", "States": {"Work": {"Type": "Task",
                  "Resource": "arn:stepstream:kafka:::work", "End": true}}}, "End": true}}}\
            """;
        engine.start("parent", engine.create("parent", machine), "run", "[1,2,3]");
        engine.tick();
        stopParent();
        assertThat(status("parent", "run").getStatus()).isEqualTo("ABORTED");
        assertThat(statuses.values())
                .hasSize(4)
                .allMatch(status -> status.getStatus().equals("ABORTED"));
    }

    @Test
    void aRedriveRedrivesTheMapRunsUnsuccessfulChildrenOnly() {
        var machine = """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each", "MaxConcurrency": 2,
              "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Work", "States": {"Work": {"Type": "Task",
                  "Resource": "arn:stepstream:kafka:::work", "End": true}}}, "End": true}}}\
            """;
        engine.start("parent", engine.create("parent", machine), "run", "[1,2,3]");
        engine.tick();
        var first = engine.read(Topics.taskRequests("work"), TaskRequest.class);
        engine.answer(first.getFirst(), new TaskSucceeded(first.getFirst().getInput()));
        engine.tick();
        engine.answer(first.getLast(), new TaskFailed("Broken", "it broke"));
        assertThat(status("parent", "run").getStatus()).isEqualTo("FAILED");
        engine.tick();
        engine.read(Topics.taskRequests("work"), TaskRequest.class);

        var arn = Arns.DEFAULT.execution("parent", "run");
        engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(engine.caller(), new RedriveExecution(arn)));
        engine.tick();
        var again = engine.read(Topics.taskRequests("work"), TaskRequest.class);
        assertThat(again).extracting(task -> Payloads.json(task.getInput())).containsExactlyInAnyOrder("2", "3");
        for (var task : again) {
            engine.answer(task, new TaskSucceeded(task.getInput()));
        }
        assertThat(status("parent", "run").getStatus()).isEqualTo("SUCCEEDED");
        assertThat(status("parent", "run").getRedriveCount()).isEqualTo(1);
        assertThat(Payloads.json(status("parent", "run").getOutput())).isEqualTo("[1,2,3]");
        var steps = engine.read(Topics.HISTORY, HistoryRecord.class);
        var runs = steps.stream().flatMap(step -> step.getMapRuns().stream()).toList();
        assertThat(runs)
                .extracting(MapRunState::getStatus)
                .containsSubsequence("RUNNING", "FAILED", "RUNNING", "SUCCEEDED");
        assertThat(runs.getLast().getRedriveCount()).isEqualTo(1);
        assertThat(steps.stream()
                        .filter(step -> step.getExecutionArn().equals(arn))
                        .flatMap(step -> step.getEvents().stream())
                        .map(event -> event.getType()))
                .containsSubsequence("ExecutionFailed", "ExecutionRedriven", "MapRunRedriven", "MapRunSucceeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".sync:2"})
    void aParentHearsThatItsChildCannotBeSealed(String pattern) {
        engine.create("child", WORK, true);
        startParent(pattern);
        assertThat(status("parent", "run").getStatus()).isEqualTo("FAILED");
        assertThat(status("parent", "run").getCause()).contains("no master key", Arns.DEFAULT.stateMachine("child"));
    }
}
