package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Wait, or a retrier's backoff, that is due after the execution's own deadline. Where a clock jumps over both, the wait's timer is read
 * first: a deadline lets through what was appended before it.
 */
class WaitAfterDeadlineTest {
    private static final String WAIT = """
            {"StartAt": "Hold", "TimeoutSeconds": 30, "States": {
              "Hold": {"Type": "Wait", "Seconds": %d, "Next": "Work"},
              "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true}}}""";
    private static final String BACKOFF = """
            {"StartAt": "Work", "TimeoutSeconds": 30, "States": {
              "Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work", "End": true,
                "Retry": [{"ErrorEquals": ["Once"], "IntervalSeconds": %d, "MaxAttempts": 1}]}}}""";

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    private final Map<TimerKind, Command.FireTimer> timers = new LinkedHashMap<>();
    private final List<Long> tasks = new ArrayList<>();
    private Optional<String> status = Optional.empty();

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> tasks.add(task.ticket());
            case Effect.StartTimer(var ticket, var due, var kind) ->
                timers.put(kind, new Command.FireTimer(ticket, due));
            case Effect.CancelTimer(var ticket, var due) -> timers.values().remove(new Command.FireTimer(ticket, due));
            case Effect.Close(var outcome) -> status = Optional.of(String.valueOf(outcome.status()));
            case Effect.Continue _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _,
                    Effect.EndTask _,
                    Effect.Answer _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private World.Run start(String definition) {
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        return world.start(InterpreterDriver.identity(), machine, InterpreterDriver.json("{}"));
    }

    private void fail(World.Run run) {
        world.send(
                run.arn(),
                new Command.FailTask(
                        tasks.removeFirst(), World.BINDING, Optional.of("Once"), Optional.empty(), world.now()));
    }

    private void fire(World.Run run, TimerKind kind, Instant now) {
        world.now(now);
        world.send(run.arn(), Optional.ofNullable(timers.remove(kind)).orElseThrow());
    }

    @ParameterizedTest(name = "of {0} s")
    @CsvSource({"29, 1", "30, 1", "31, 0"})
    void aWait(int seconds, int tasksAskedFor) {
        var run = start(WAIT.formatted(seconds));
        var late = world.now().plusSeconds(3600);
        fire(run, TimerKind.WAKE, late);
        assertThat(tasks).hasSize(tasksAskedFor);
        fire(run, TimerKind.DEADLINE, late);
        assertThat(status).contains("TIMED_OUT");
        assertThat(timers).isEmpty();
    }

    @ParameterizedTest(name = "of {0} s")
    @CsvSource({"29, 1", "30, 1", "31, 0"})
    void aBackoff(int seconds, int tasksAskedFor) {
        var run = start(BACKOFF.formatted(seconds));
        fail(run);
        var late = world.now().plusSeconds(3600);
        fire(run, TimerKind.WAKE, late);
        assertThat(tasks).hasSize(tasksAskedFor);
        fire(run, TimerKind.DEADLINE, late);
        assertThat(status).contains("TIMED_OUT");
        assertThat(timers).isEmpty();
    }

    @Test
    void theOtherOrder() {
        var run = start(WAIT.formatted(31));
        var wake = Optional.ofNullable(timers.get(TimerKind.WAKE)).orElseThrow();
        fire(run, TimerKind.DEADLINE, world.now().plusSeconds(3600));
        world.send(run.arn(), wake);
        assertThat(status).contains("TIMED_OUT");
        assertThat(tasks).isEmpty();
    }
}
