package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, Long> asked = new TreeMap<>();
    private long task;

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask request -> {
                task = request.ticket();
                asked.put(request.name(), task);
            }
            case Effect.Close(var outcome) -> {
                closed.add(outcome.status().name());
                if (outcome instanceof Outcome.Succeeded(var output)) {
                    outputs.add(output.text());
                }
            }
            case Effect.Answer(var verdict) -> verdicts.add(verdict);
            case Effect.StartTimer _,
                    Effect.CancelTimer _,
                    Effect.Continue _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _,
                    Effect.EndTask _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
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
        var run = world.started(TWO_STATES);
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
        var run = world.started(TWO_STATES);
        fail(run, "Broken");
        redrive(run);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        assertThat(redrive(run)).isInstanceOf(Verdict.Accepted.class);
        fail(run, "Again");

        assertThat(closed).containsExactly("FAILED", "ABORTED");
        assertThat(run.rows.frame(FramePath.ROOT).orElseThrow().phase()).isInstanceOf(Phase.BackingOff.class);
        assertThat(run.rows.execution().orElseThrow().redrives().count()).isEqualTo(2);
    }

    private static final String PARALLEL = """
            {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}},
              {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}},
              {"StartAt":"C","States":{"C":{"Type":"Task","Resource":"arn:stepstream:kafka:::c","End":true}}}]%s}}}""";

    private void complete(World.Run run, String name, String output) {
        var ticket = Objects.requireNonNull(asked.remove(name), () -> name + " was not asked for");
        world.send(
                run.arn(),
                new Command.CompleteTask(ticket, World.BINDING, InterpreterDriver.json(output), world.now()));
    }

    private void fail(World.Run run, String name, String error) {
        task = Objects.requireNonNull(asked.remove(name), () -> name + " was not asked for");
        fail(run, error);
    }

    @Test
    void runsOnlyTheBranchesAgainThatDidNotEndWell() {
        var run = world.started(PARALLEL.formatted(""));
        complete(run, "a", "1");
        fail(run, "b", "Broken");
        asked.clear();
        redrive(run);

        assertThat(asked.keySet()).containsExactlyInAnyOrder("b", "c");
        complete(run, "c", "3");
        complete(run, "b", "2");
        assertThat(outputs).containsExactly("[1,2,3]");
        assertThat(types(run)
                        .subList(
                                types(run).indexOf("ExecutionRedriven"),
                                types(run).size()))
                .containsExactly(
                        "ExecutionRedriven",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ParallelStateSucceeded",
                        "ParallelStateExited",
                        "ExecutionSucceeded");
        assertThat(run.rows.keys()).containsExactly("execution");
    }

    @Test
    void keepsWhatHadEndedWhenItIsStoppedToo() {
        var run = world.started(PARALLEL.formatted(""));
        complete(run, "c", "3");
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        asked.clear();
        redrive(run);

        assertThat(asked.keySet()).containsExactlyInAnyOrder("a", "b");
        complete(run, "a", "1");
        complete(run, "b", "2");
        assertThat(outputs).containsExactly("[1,2,3]");
    }

    @Test
    void keepsNothingOfWhatIsCaught() {
        var run = world.started(
                PARALLEL.formatted(",\"Catch\":[{\"ErrorEquals\":[\"Caught\"],\"Next\":\"Last\"}]")
                        .replace(
                                "}]}}}",
                                "}]},\"Last\":{\"Type\":\"Task\",\"Resource\":\"arn:stepstream:kafka:::last\",\"End\":true}}}"));
        complete(run, "a", "1");
        fail(run, "b", "Caught");
        assertThat(run.rows.keys()).noneMatch(key -> key.startsWith("frame /0"));
    }

    @Test
    void runsAllAgainOfAStateWhoseDataWereTooLarge() {
        var run = world.started(PARALLEL.formatted(""));
        complete(run, "a", "1");
        fail(run, "b", "States.DataLimitExceeded");
        asked.clear();
        redrive(run);
        assertThat(asked.keySet()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void runsOnlyTheIterationsAgainThatDidNotEndWellAndThenThoseToCome() {
        var run = world.started("""
                {"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"MaxConcurrency":2,
                  "Items":["w0","w1","w2","w3"],"QueryLanguage":"JSONata",
                  "ItemProcessor":{"StartAt":"Inner","States":{"Inner":{"Type":"Parallel","End":true,"Branches":[
                    {"StartAt":"X","States":{"X":{"Type":"Task","QueryLanguage":"JSONata",
                      "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                      "Arguments":{"QueueUrl":"{% $states.input %}","MessageBody":{"t":"{% $states.context.Task.Token %}"}},
                      "End":true}}},
                    {"StartAt":"Y","States":{"Y":{"Type":"Pass","End":true}}}]}}}}}}""");
        complete(run, "w0", "0");
        fail(run, "w1", "Broken");
        assertThat(closed).containsExactly("FAILED");
        asked.clear();
        redrive(run);

        assertThat(asked.keySet()).containsExactlyInAnyOrder("w1", "w2");
        complete(run, "w2", "2");
        complete(run, "w1", "1");
        complete(run, "w3", "3");
        assertThat(outputs).containsExactly("[[0,\"w0\"],[1,\"w1\"],[2,\"w2\"],[3,\"w3\"]]");
        assertThat(types(run).stream().filter("MapIterationStarted"::equals)).hasSize(4);
        assertThat(types(run).stream().filter("MapIterationSucceeded"::equals)).hasSize(4);
        assertThat(run.rows.keys()).containsExactly("execution");
    }

    @Test
    void isRefusedWhileItRunsWhenItHasSucceededAndAfterTheWindow() {
        var run = world.started(TWO_STATES);
        assertThat(redrive(run))
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, "Execution is RUNNING and cannot be redriven"));
        fail(run, "Broken");
        world.now(world.now().plus(Duration.ofDays(14)).plusMillis(1));
        assertThat(redrive(run))
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, "Execution redrivable period exceeded"));

        var well = world.started("{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}");
        assertThat(redrive(well))
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, "Execution is SUCCEEDED and cannot be redriven"));
    }
}
