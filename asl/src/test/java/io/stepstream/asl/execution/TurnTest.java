package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What awaits its turn where a state machine or a task name is limited, and what gives it back, once (ADR 0052). */
class TurnTest {
    private static final String TASK = """
            {"StartAt":"A","TimeoutSeconds":600,"States":{
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","TimeoutSeconds":60,"End":true}}}""";
    private static final String PARALLEL = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}},
              {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}]}}}""";

    private final List<String> seen = new ArrayList<>();
    private final Map<Long, Instant> timers = new TreeMap<>();
    private final Map<String, Long> tasks = new TreeMap<>();
    private Optional<Long> turn = Optional.empty();
    private final World world = new World(
            Limits.DEFAULT,
            InterpreterDriver.START,
            new Inputs.TaskNames() {
                @Override
                public boolean isRegistered(String name) {
                    return true;
                }

                @Override
                public boolean isLimited(String name) {
                    return name.equals("a");
                }
            },
            this::outside);

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask request -> {
                tasks.put(request.name(), request.ticket());
                seen.add("ask " + request.name() + " " + request.turn());
            }
            case Effect.EndTask(var _, var outcome) -> seen.add("end " + outcome);
            case Effect.ReleaseTask(var ticket, var name) -> {
                assertThat(ticket).isEqualTo(tasks.get(name));
                seen.add("release " + name);
            }
            case Effect.AwaitTurn(var ticket) -> {
                turn = Optional.of(ticket);
                seen.add("await turn");
            }
            case Effect.ReleaseTurn(var ticket) -> {
                assertThat(Optional.of(ticket)).isEqualTo(turn);
                seen.add("release turn");
            }
            case Effect.Close(var outcome) -> seen.add(outcome.status().name());
            case Effect.StartTimer(var ticket, var due, var _) -> timers.put(ticket, due);
            case Effect.CancelTimer(var ticket, var _) -> timers.remove(ticket);
            case Effect.Continue(var ticket) -> world.send(by.arn(), new Command.Continue(ticket));
            case Effect.Answer _,
                    Effect.AwaitResume _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private void itsTurn(World.Run run) {
        world.send(run.arn(), new Command.Continue(turn.orElseThrow()));
    }

    private void complete(World.Run run, String task) {
        world.send(
                run.arn(),
                new Command.CompleteTask(
                        tasks.getOrDefault(task, 0L), World.BINDING, InterpreterDriver.json("{}"), world.now()));
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

    @Test
    void anAnsweredTaskIsReleased() {
        complete(world.started(TASK), "a");
        assertThat(seen).containsExactly("ask a IN_ORDER", "end SUCCEEDED", "release a", "SUCCEEDED");
    }

    /** Whether its request was sent is not known here: its time goes on. */
    @Test
    void aTaskThatTimesOutIsReleased() {
        advance(world.started(TASK), Duration.ofSeconds(61));
        assertThat(seen).containsExactly("ask a IN_ORDER", "end TIMED_OUT", "release a", "FAILED");
    }

    @Test
    void anAbortedTaskIsReleasedIfItWasCounted() {
        var run = world.started(PARALLEL);
        world.send(
                run.arn(),
                new Command.FailTask(
                        tasks.getOrDefault("b", 0L), World.BINDING, Optional.empty(), Optional.empty(), world.now()));
        assertThat(seen)
                .containsExactly("ask a IN_ORDER", "ask b AT_ONCE", "end FAILED", "end ABORTED", "release a", "FAILED");
    }

    @Test
    void anExecutionBeginsWhenItIsItsTurn() {
        world.stateMachineLimited(true);
        var run = world.started(TASK);
        assertThat(seen).containsExactly("await turn");
        assertThat(run.history).hasSize(1);
        // That it is limited no more is not its business: it has asked, and is told.
        world.stateMachineLimited(false);
        itsTurn(run);
        itsTurn(run);
        complete(run, "a");
        assertThat(seen)
                .containsExactly(
                        "await turn", "ask a IN_ORDER", "end SUCCEEDED", "release a", "release turn", "SUCCEEDED");
    }

    @Test
    void oneThatEndsBeforeItsTurnBeginsNothingWhenThatComes() {
        world.stateMachineLimited(true);
        var run = world.started(TASK);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        itsTurn(run);
        assertThat(seen).containsExactly("await turn", "release turn", "ABORTED");
    }

    @Test
    void itsOwnTimeoutGoesOnWhileItWaits() {
        world.stateMachineLimited(true);
        advance(world.started(TASK), Duration.ofSeconds(601));
        assertThat(seen).containsExactly("await turn", "release turn", "TIMED_OUT");
    }

    @Test
    void redrivenItAsksAgain() {
        world.stateMachineLimited(true);
        var run = world.started(TASK);
        itsTurn(run);
        advance(run, Duration.ofSeconds(61));
        seen.clear();
        world.send(run.arn(), new Command.Redrive());
        assertThat(seen).containsExactly("await turn");
        itsTurn(run);
        complete(run, "a");
        assertThat(seen)
                .containsExactly(
                        "await turn", "ask a IN_ORDER", "end SUCCEEDED", "release a", "release turn", "SUCCEEDED");
    }

    /** Both must be over, in whichever order. */
    @Test
    void aPauseAndATurnDoNotKnowOfEachOther() {
        world.stateMachineLimited(true);
        var run = world.started(TASK);
        world.send(run.arn(), new Command.Pause("ann"));
        itsTurn(run);
        assertThat(seen).containsExactly("await turn");
        world.send(run.arn(), new Command.Resume());
        assertThat(seen).containsExactly("await turn", "ask a IN_ORDER");
    }
}
