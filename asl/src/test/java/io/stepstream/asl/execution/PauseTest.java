package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is begun while an execution or its state machine is paused: nothing; and what comes meanwhile is not lost (ADR 0051). */
class PauseTest {
    private static final String TWO_TASKS = """
            {"StartAt":"A","TimeoutSeconds":600,"States":{
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","TimeoutSeconds":60,"Next":"B",
                "Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":10}]},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";
    private static final String WAIT = """
            {"StartAt":"W","States":{
              "W":{"Type":"Wait","Seconds":10,"Next":"B"},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    private final List<String> seen = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Map<Long, Instant> timers = new TreeMap<>();
    private OptionalLong awaited = OptionalLong.empty();
    private long task;

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask request -> {
                task = request.ticket();
                seen.add("asked " + request.state());
            }
            case Effect.Close(var outcome) -> seen.add(outcome.status().name());
            case Effect.Answer(var verdict) -> verdicts.add(verdict);
            case Effect.StartTimer(var ticket, var due, var _) -> timers.put(ticket, due);
            case Effect.CancelTimer(var ticket, var _) -> timers.remove(ticket);
            case Effect.AwaitResume(var ticket) -> awaited = OptionalLong.of(ticket);
            case Effect.Continue(var ticket) -> world.send(by.arn(), new Command.Continue(ticket));
            case Effect.EndTask _,
                    Effect.ReleaseTask _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private void pause(World.Run run) {
        world.send(run.arn(), new Command.Pause("ann"));
    }

    private void resume(World.Run run) {
        world.send(run.arn(), new Command.Resume());
    }

    private void complete(World.Run run) {
        world.send(run.arn(), new Command.CompleteTask(task, World.BINDING, InterpreterDriver.json("{}"), world.now()));
    }

    private void fail(World.Run run, String error) {
        world.send(
                run.arn(),
                new Command.FailTask(task, World.BINDING, Optional.of(error), Optional.empty(), world.now()));
    }

    /** The clock moves on, and what is due fires. */
    private void advance(World.Run run, Duration by) {
        world.now(world.now().plus(by));
        for (var timer : List.copyOf(timers.entrySet())) {
            if (!timer.getValue().isAfter(world.now())) {
                timers.remove(timer.getKey());
                world.send(run.arn(), new Command.FireTimer(timer.getKey(), timer.getValue()));
            }
        }
    }

    private void resumeStateMachine(World.Run run) {
        world.stateMachinePaused(false);
        world.send(run.arn(), new Command.Continue(awaited.orElseThrow()));
    }

    private static List<String> lastEvents(World.Run run, int count) {
        var types = run.history.stream().map(event -> event.type().wireName()).toList();
        return types.subList(types.size() - count, types.size());
    }

    @Test
    void aResultIsTakenAndTheNextStateWaits() {
        var run = world.started(TWO_TASKS);
        pause(run);
        complete(run);
        assertThat(verdicts.getLast()).isEqualTo(new Verdict.Accepted(world.now()));
        assertThat(lastEvents(run, 2)).containsExactly("TaskSucceeded", "TaskStateExited");
        assertThat(seen).containsExactly("asked A");
        resume(run);
        assertThat(seen).containsExactly("asked A", "asked B");
    }

    @Test
    void aResultAfterTheResumeGoesOnAtOnce() {
        var run = world.started(TWO_TASKS);
        pause(run);
        resume(run);
        complete(run);
        assertThat(seen).containsExactly("asked A", "asked B");
    }

    @Test
    void whatIsLastMayEndWhilePaused() {
        var run = world.started(TWO_TASKS);
        complete(run);
        pause(run);
        complete(run);
        assertThat(seen).containsExactly("asked A", "asked B", "SUCCEEDED");
    }

    @Test
    void aWaitThatIsOverMeanwhileIsLeftAtTheResume() {
        var run = world.started(WAIT);
        pause(run);
        advance(run, Duration.ofSeconds(10));
        assertThat(lastEvents(run, 1)).containsExactly("WaitStateEntered");
        advance(run, Duration.ofSeconds(50));
        resume(run);
        assertThat(seen).containsExactly("asked B");
        assertThat(lastEvents(run, 5))
                .containsExactly(
                        "WaitStateEntered", "WaitStateExited", "TaskStateEntered", "TaskScheduled", "TaskStarted");
    }

    @Test
    void aWaitThatIsNotOverAtTheResumeGoesOnWaiting() {
        var run = world.started(WAIT);
        pause(run);
        advance(run, Duration.ofSeconds(5));
        resume(run);
        assertThat(seen).isEmpty();
        advance(run, Duration.ofSeconds(5));
        assertThat(seen).containsExactly("asked B");
    }

    @Test
    void aRetryThatIsDueMeanwhileComesAtTheResume() {
        var run = world.started(TWO_TASKS);
        pause(run);
        fail(run, "Again");
        advance(run, Duration.ofSeconds(30));
        assertThat(seen).containsExactly("asked A");
        resume(run);
        assertThat(seen).containsExactly("asked A", "asked A");
    }

    @Test
    void theDeadlinesOfTheTaskAndTheExecutionGoOn() {
        var run = world.started(TWO_TASKS);
        pause(run);
        advance(run, Duration.ofSeconds(60));
        assertThat(lastEvents(run, 2)).containsExactly("TaskTimedOut", "ExecutionFailed");

        var other = new PauseTest();
        var held = other.world.started(TWO_TASKS);
        other.pause(held);
        other.complete(held);
        other.advance(held, Duration.ofSeconds(600));
        assertThat(other.seen).containsExactly("asked A", "TIMED_OUT");
    }

    @Test
    void canBeStoppedAndIsStillPausedWhenItIsRedriven() {
        var run = world.started(TWO_TASKS);
        pause(run);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        assertThat(seen).containsExactly("asked A", "ABORTED");
        world.send(run.arn(), new Command.Redrive());
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.Accepted.class);
        assertThat(seen).containsExactly("asked A", "ABORTED");
        resume(run);
        assertThat(seen).containsExactly("asked A", "ABORTED", "asked A");
    }

    @Test
    void resumedAfterItsEndItGoesOnWhenItIsRedriven() {
        var run = world.started(TWO_TASKS);
        pause(run);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        resume(run);
        world.send(run.arn(), new Command.Redrive());
        assertThat(seen).containsExactly("asked A", "ABORTED", "asked A");
    }

    @Test
    void pausedTwiceItIsPausedSinceTheFirstTime() {
        var run = world.started(TWO_TASKS);
        pause(run);
        var since = world.now();
        world.now(since.plusSeconds(5));
        world.send(run.arn(), new Command.Pause("bob"));
        assertThat(verdicts).last().isEqualTo(new Verdict.Accepted(since));
        assertThat(run.rows.execution().orElseThrow().paused()).contains(new ExecutionRow.Paused(since, "ann"));
        resume(run);
        assertThat(run.rows.execution().orElseThrow().paused()).isEmpty();
    }

    @Test
    void whatHasEndedCannotBePaused() {
        var run = world.started(TWO_TASKS);
        fail(run, "Broken");
        pause(run);
        assertThat(verdicts.getLast())
                .isEqualTo(new Verdict.Refused(
                        Verdict.Refusal.EXECUTION_NOT_RUNNING, "Execution is FAILED and cannot be paused"));
    }

    @Test
    void ofAPausedStateMachineAStartIsTakenAndWaits() {
        world.stateMachinePaused(true);
        var run = world.started(TWO_TASKS);
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.Accepted.class);
        assertThat(lastEvents(run, 1)).containsExactly("ExecutionStarted");
        resumeStateMachine(run);
        assertThat(seen).containsExactly("asked A");
    }

    @Test
    void theStateMachinesPauseAndItsOwnBothHaveToEnd() {
        var run = world.started(TWO_TASKS);
        world.stateMachinePaused(true);
        pause(run);
        complete(run);
        assertThat(awaited).as("it could not go on anyway").isEmpty();
        resume(run);
        assertThat(seen).containsExactly("asked A");
        pause(run);
        resumeStateMachine(run);
        assertThat(seen).containsExactly("asked A");
        resume(run);
        assertThat(seen).containsExactly("asked A", "asked B");
    }

    @Test
    void whatComesBetweenTheResumeAndItsNewsIsNotHeld() {
        var run = world.started(WAIT);
        world.stateMachinePaused(true);
        advance(run, Duration.ofSeconds(10));
        var news = new Command.Continue(awaited.orElseThrow());
        world.stateMachinePaused(false);
        resume(run);
        assertThat(seen).containsExactly("asked B");
        var events = run.history.size();
        world.send(run.arn(), news);
        assertThat(run.history).hasSize(events);
    }

    @Test
    void isStoppedWhileItsStateMachineIsPaused() {
        var run = world.started(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemsPath":"$.items",
                  "ItemProcessor":{"StartAt":"A","States":{
                    "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","Next":"B"},
                    "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}}}}""".replace("\"ItemsPath\":\"$.items\"", "\"QueryLanguage\":\"JSONata\",\"Items\":\"{% [1..30] %}\""));
        world.stateMachinePaused(true);
        complete(run);
        assertThat(awaited).isPresent();
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        assertThat(seen).last().isEqualTo("ABORTED");
    }
}
