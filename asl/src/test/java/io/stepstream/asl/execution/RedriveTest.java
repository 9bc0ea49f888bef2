package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An execution that did not end well goes on. */
class RedriveTest {
    private static final String TWO_STATES = """
            {"StartAt":"First","States":{
              "First":{"Type":"Pass","Result":{"n":1},"Next":"Work"},
              "Work":{"Type":"Task","Resource":"arn:stepstream:kafka:::work","End":true,
                "Retry":[{"ErrorEquals":["Again"],"MaxAttempts":1}]}}}""";

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private long task;

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask request -> task = request.ticket();
            case Effect.Close(var outcome) -> closed.add(outcome.status().name());
            case Effect.Answer(var verdict) -> verdicts.add(verdict);
            case Effect.StartTimer _,
                    Effect.CancelTimer _,
                    Effect.Continue _,
                    Effect.AwaitResume _,
                    Effect.EndTask _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private World.Run started(String definition) {
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        return world.start(InterpreterDriver.identity(), machine, InterpreterDriver.json("{}"));
    }

    private void fail(World.Run run, String error) {
        world.send(
                run.arn(),
                new Command.FailTask(task, World.BINDING, Optional.of(error), Optional.empty(), world.now()));
    }

    private Verdict redrive(World.Run run) {
        world.send(run.arn(), new Command.Redrive());
        return verdicts.getLast();
    }

    private static List<String> types(World.Run run) {
        return run.history.stream().map(event -> event.type().wireName()).toList();
    }

    @Test
    void goesOnFromTheStateThatFailedWithoutEnteringItAgain() {
        var run = started(TWO_STATES);
        fail(run, "Broken");
        assertThat(redrive(run)).isEqualTo(new Verdict.Accepted(world.now()));
        world.send(
                run.arn(),
                new Command.CompleteTask(task, World.BINDING, InterpreterDriver.json("{\"done\":true}"), world.now()));

        assertThat(closed).containsExactly("FAILED", "SUCCEEDED");
        assertThat(types(run))
                .containsExactly(
                        "ExecutionStarted",
                        "PassStateEntered",
                        "PassStateExited",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskFailed",
                        "ExecutionFailed",
                        "ExecutionRedriven",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ExecutionSucceeded");
        assertThat(run.rows.execution().orElseThrow().redrives().count()).isEqualTo(1);
    }

    @Test
    void canBeRedrivenOnceMoreAndHasItsRetriesBack() {
        var run = started(TWO_STATES);
        fail(run, "Broken");
        redrive(run);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        assertThat(redrive(run)).isInstanceOf(Verdict.Accepted.class);
        fail(run, "Again");

        assertThat(closed).containsExactly("FAILED", "ABORTED");
        assertThat(run.rows.frame(FramePath.ROOT).orElseThrow().phase()).isInstanceOf(Phase.BackingOff.class);
        assertThat(run.rows.execution().orElseThrow().redrives().count()).isEqualTo(2);
    }

    @Test
    void runsTheBranchesOfAParallelAgain() {
        var run = started("""
                {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},
                  {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:stepstream:kafka:::work","End":true}}}]}}}""");
        fail(run, "Broken");
        redrive(run);
        world.send(run.arn(), new Command.CompleteTask(task, World.BINDING, InterpreterDriver.json("2"), world.now()));

        assertThat(closed).containsExactly("FAILED", "SUCCEEDED");
        assertThat(types(run)).endsWith("ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded");
    }

    @Test
    void isRefusedWhileItRunsWhenItHasSucceededAndAfterTheWindow() {
        var run = started(TWO_STATES);
        assertThat(redrive(run))
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, "Execution is RUNNING and cannot be redriven"));
        fail(run, "Broken");
        world.now(world.now().plus(Redriving.WINDOW).plus(Duration.ofMillis(1)));
        assertThat(redrive(run)).isInstanceOf(Verdict.Refused.class);

        var well = started("{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}");
        assertThat(redrive(well))
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, "Execution is SUCCEEDED and cannot be redriven"));
    }
}
