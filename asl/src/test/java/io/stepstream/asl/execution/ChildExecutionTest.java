package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A parent, its child, and the letters between them in every order that they can come in. */
class ChildExecutionTest {
    private static final String PLACE = "arn:aws:states:us-east-1:000000000000:";
    private static final String CHILD = PLACE + "execution:child:one";
    private static final String WORKS = """
            {"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"arn:stepstream:kafka:::work","End":true}}}""";

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    private final Map<String, Map<Long, Instant>> timers = new TreeMap<>();
    private final Map<String, Long> tasks = new TreeMap<>();
    private final List<String> closed = new ArrayList<>();

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> tasks.put(by.arn(), task.ticket());
            case Effect.StartTimer(var ticket, var due, var _) ->
                timers.computeIfAbsent(by.arn(), _ -> new TreeMap<>()).put(ticket, due);
            case Effect.CancelTimer(var ticket, var due) ->
                timers.getOrDefault(by.arn(), Map.of()).remove(ticket, due);
            case Effect.Close(var outcome) -> closed.add(by.identity.stateMachineName() + " " + outcome.status());
            case Effect.Continue(var ticket) -> world.send(by.arn(), new Command.Continue(ticket));
            case Effect.EndTask _,
                    Effect.Answer _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private static StateMachine machine(String definition) {
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    /** Starts a parent whose one state is this resource, with what stands beside it. */
    private World.Run parent(String pattern, String beside) {
        world.deploy(PLACE + "stateMachine:child", machine(WORKS));
        return world.start(
                InterpreterDriver.identity(), machine("""
                        {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s",
                         "Parameters":{"StateMachineArn":"arn:aws:states:eu-west-1:123456789012:stateMachine:child",
                         "Name":"one","Input":{"n":1}}%s,"End":true}}}""".formatted(pattern, beside)), InterpreterDriver.json("{}"));
    }

    private void settle() {
        while (!world.letters().isEmpty()) {
            world.deliver(world.letters().getFirst());
        }
    }

    private void deliverTo(String arn) {
        world.deliver(world.letters().stream()
                .filter(letter -> letter.to().equals(arn))
                .findFirst()
                .orElseThrow());
    }

    private long childsTask() {
        return tasks.getOrDefault(CHILD, 0L);
    }

    private void childWorks() {
        world.send(
                CHILD,
                new Command.CompleteTask(
                        childsTask(), World.BINDING, InterpreterDriver.json("{\"done\":true}"), world.now()));
    }

    private void fireTimerOf(World.Run run) {
        var timer =
                timers.getOrDefault(run.arn(), Map.of()).entrySet().iterator().next();
        world.now(timer.getValue());
        world.send(run.arn(), new Command.FireTimer(timer.getKey(), timer.getValue()));
    }

    private static List<String> types(World.Run run) {
        return run.history.stream().map(event -> event.type().wireName()).toList();
    }

    private static List<String> waits(World.Run run) {
        return run.rows.keys().stream().filter(key -> key.startsWith("wait")).toList();
    }

    @Test
    void requestResponseGoesOnOnceTheChildHasStarted() {
        var parent = parent("", "");
        assertThat(world.letters()).hasSize(1);
        settle();
        assertThat(closed).containsExactly("machine SUCCEEDED");
        assertThat(types(parent))
                .containsExactly(
                        "ExecutionStarted",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ExecutionSucceeded");
        childWorks();
        settle();
        assertThat(closed).containsExactly("machine SUCCEEDED", "child SUCCEEDED");
    }

    @ParameterizedTest
    @CsvSource({".sync,'\"Output\":\"{\\\"done\\\":true}\"'", ".sync:2,'\"Output\":{\"done\":true}'"})
    void syncWaitsForTheChildsEnd(String pattern, String output) {
        var parent = parent(pattern, "");
        settle();
        assertThat(closed).isEmpty();
        childWorks();
        settle();
        assertThat(closed).containsExactly("child SUCCEEDED", "machine SUCCEEDED");
        assertThat(((Outcome.Succeeded) parent.outcome.orElseThrow()).output().text())
                .contains(output)
                .contains("\"ExecutionArn\":\"" + CHILD + "\"");
        assertThat(types(parent)).contains("TaskSubmitted", "TaskSucceeded");
        assertThat(waits(parent)).isEmpty();
    }

    @Test
    void childThatFailsFailsTheTaskWithItsDescription() {
        var parent = parent(".sync", "");
        settle();
        world.send(
                CHILD,
                new Command.FailTask(
                        childsTask(), World.BINDING, Optional.of("Broken"), Optional.of("it broke"), world.now()));
        settle();
        var failed = (Outcome.Failed) parent.outcome.orElseThrow();
        assertThat(failed.error()).contains("States.TaskFailed");
        assertThat(failed.cause().orElseThrow())
                .contains("\"Status\":\"FAILED\"", "\"Error\":\"Broken\"", "\"Cause\":\"it broke\"", "\"Input\":\"{");
    }

    @Test
    void endThatOvertakesTheConfirmationConfirmsTheStart() {
        var parent = parent(".sync", "");
        deliverTo(CHILD);
        childWorks();
        var late = world.letters().getFirst();
        world.letters().remove(late);
        settle();
        assertThat(closed).containsExactly("child SUCCEEDED", "machine SUCCEEDED");
        assertThat(types(parent)).containsSubsequence("TaskSubmitted", "TaskSucceeded");
        var events = parent.history.size();
        world.deliver(late);
        settle();
        assertThat(parent.history).hasSize(events);
    }

    @Test
    void secondReportsChangeNothing() {
        var parent = parent(".sync", "");
        deliverTo(CHILD);
        var started = world.letters().getFirst();
        settle();
        var events = parent.history.size();
        world.deliver(started);
        assertThat(parent.history).hasSize(events);
        childWorks();
        var ended = world.letters().getFirst();
        settle();
        world.deliver(ended);
        world.deliver(started);
        assertThat(world.letters()).isEmpty();
        assertThat(closed).containsExactly("child SUCCEEDED", "machine SUCCEEDED");
    }

    @Test
    void secondStartOfTheSameTicketDoesNothing() {
        parent(".sync", "");
        var start = world.letters().getFirst();
        settle();
        world.deliver(start);
        assertThat(world.letters()).isEmpty();
        childWorks();
        settle();
        world.deliver(start);
        assertThat(world.letters()).isEmpty();
        assertThat(closed).containsExactly("child SUCCEEDED", "machine SUCCEEDED");
    }

    @Test
    void stoppingTheParentCancelsTheChild() {
        var parent = parent(".sync", "");
        settle();
        world.send(parent.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        settle();
        assertThat(closed).containsExactly("machine ABORTED", "child ABORTED");
        assertThat(waits(parent)).isEmpty();
        assertThat(waits(world.run(CHILD))).isEmpty();
    }

    @Test
    void childOnItsOwnOutlivesItsParent() {
        var parent = parent(".waitForTaskToken", ",\"TimeoutSeconds\":10".replace("Input", "Input"));
        settle();
        fireTimerOf(parent);
        settle();
        assertThat(closed).containsExactly("machine FAILED");
        childWorks();
        settle();
        assertThat(closed).containsExactly("machine FAILED", "child SUCCEEDED");
    }

    @Test
    void timeoutCancelsTheChild() {
        var parent = parent(".sync", ",\"TimeoutSeconds\":10");
        settle();
        fireTimerOf(parent);
        settle();
        assertThat(closed).containsExactly("machine FAILED", "child ABORTED");
        assertThat(types(parent)).contains("TaskTimedOut");
    }

    @Test
    void cancelThatOvertakesTheStartIsSentAgain() {
        var parent = parent(".sync", "");
        var start = world.letters().getFirst();
        world.letters().remove(start);
        world.send(parent.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        settle();
        assertThat(waits(parent)).hasSize(1);
        world.deliver(start);
        settle();
        assertThat(closed).containsExactly("machine ABORTED", "child ABORTED");
        assertThat(waits(parent)).isEmpty();
    }

    @Test
    void childThatEndsBeforeItsCancellationIsForgotten() {
        var parent = parent(".sync", "");
        deliverTo(CHILD);
        world.send(parent.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        childWorks();
        settle();
        assertThat(closed).containsExactly("machine ABORTED", "child SUCCEEDED");
        assertThat(waits(parent)).isEmpty();
    }

    @Test
    void abandonedStartThatIsRefusedIsForgotten() {
        var parent = parent(".sync", "");
        world.deploy(PLACE + "stateMachine:child", machine(WORKS));
        var start = world.letters().getFirst();
        world.letters().remove(start);
        world.send(parent.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        settle();
        var refused = new ChildReport.Refused(ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, "arn");
        var told = ((Command.StartChild) start.command()).parent();
        world.send(
                parent.arn(),
                new Command.HearOfChild(
                        told.ticket(), told.binding(), java.util.OptionalInt.empty(), refused, world.now()));
        assertThat(waits(parent)).isEmpty();
    }

    @Test
    void reportAfterTheDeadlineIsLate() {
        var parent = parent(".sync", ",\"TimeoutSeconds\":10");
        settle();
        world.now(world.now().plus(Duration.ofSeconds(11)));
        childWorks();
        settle();
        assertThat(closed).containsExactly("child SUCCEEDED", "machine FAILED");
        assertThat(types(parent)).contains("TaskTimedOut").doesNotContain("TaskSucceeded");
    }

    @Test
    void unknownMachineIsRefused() {
        var parent = world.start(InterpreterDriver.identity(), machine("""
                        {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
                         "Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:none"},"End":true}}}"""), InterpreterDriver.json("{}"));
        settle();
        var failed = (Outcome.Failed) parent.outcome.orElseThrow();
        assertThat(failed.error()).contains("StepFunctions.StateMachineDoesNotExistException");
        assertThat(types(parent)).contains("TaskSubmitFailed");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"StateMachineArn\":\"child\"', InvalidArn",
        "'\"StateMachineArn\":\"arn:aws:states:::stateMachine:child\",\"Name\":\"a b\"', InvalidName",
        "'\"StateMachineArn\":\"arn:aws:states:::stateMachine:child\",\"Input\":\"no json\"', InvalidExecutionInput"
    })
    void badParametersFailTheTask(String parameters, String code) {
        var parent = world.start(
                InterpreterDriver.identity(), machine("""
                        {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                         "Parameters":{%s},"End":true}}}""".formatted(parameters)), InterpreterDriver.json("{}"));
        assertThat(((Outcome.Failed) parent.outcome.orElseThrow()).error())
                .contains("StepFunctions." + code + "Exception");
        assertThat(world.letters()).isEmpty();
    }

    @Test
    void nameInUseIsRefusedOrJoined() {
        parent(".sync", "");
        settle();
        var other = new Parent(
                PLACE + "execution:machine:other", 3, "0".repeat(16), Parent.Interest.START, Optional.empty());
        var awaiting = new Parent(
                PLACE + "execution:machine:other", 4, "0".repeat(16), Parent.Interest.DESCRIPTION, Optional.empty());
        var child = world.run(CHILD);
        var same = InterpreterDriver.json("{\"n\":1}");
        world.send(CHILD, new Command.StartChild(child.identity, same, other));
        world.send(CHILD, new Command.StartChild(child.identity, same, awaiting));
        world.send(CHILD, new Command.StartChild(child.identity, InterpreterDriver.json("{\"n\":2}"), other));
        assertThat(world.letters().stream()
                        .map(letter -> ((Command.HearOfChild) letter.command())
                                .report()
                                .getClass()
                                .getSimpleName())
                        .toList())
                .containsExactly("Started", "Refused", "Refused");
    }

    @Test
    void answerByTokenEndsASyncTaskAndLeavesTheChild() {
        var parent = parent(".sync", "");
        var ticket = ((Command.StartChild) world.letters().getFirst().command())
                .parent()
                .ticket();
        settle();
        world.send(
                parent.arn(),
                new Command.CompleteTask(ticket, World.BINDING, InterpreterDriver.json("\"answered\""), world.now()));
        settle();
        assertThat(closed).containsExactly("machine SUCCEEDED");
        childWorks();
        settle();
        assertThat(closed).containsExactly("machine SUCCEEDED", "child SUCCEEDED");
    }
}
