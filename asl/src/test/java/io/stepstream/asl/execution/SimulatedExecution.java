package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is known outside of one execution of a simulation, and what every step of it must keep to. */
final class SimulatedExecution {
    private final World.Run run;
    private final Coverage coverage;
    private final Limits limits;
    private final Set<String> unregistered;
    private final Map<Long, Open> open = new TreeMap<>();
    private final Map<Long, Instant> timers = new TreeMap<>();
    private final Map<Long, Instant> fired = new HashMap<>();
    private final Set<Long> tickets = new HashSet<>();
    private final List<Command> sent = new ArrayList<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private Optional<Long> continuing = Optional.empty();
    private Optional<Long> awaitingResume = Optional.empty();
    /** Requests that have not been sent yet, since it is not their turn. */
    private final Map<Long, Open> held = new TreeMap<>();
    /** Tasks that their names' limits count, sent or not. */
    private final Map<Long, String> counted = new HashMap<>();

    private Optional<Long> turn = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private long lastEventId;
    private HistoryEventType lastEvent = HistoryEventType.EXECUTION_STARTED;

    /** A task that can be answered: that a worker was asked to do, or whose token a child execution was given. */
    record Open(long ticket, String name, Document input) {}

    SimulatedExecution(World.Run run, Coverage coverage, Limits limits, Set<String> unregistered) {
        this.run = run;
        this.coverage = coverage;
        this.limits = limits;
        this.unregistered = unregistered;
    }

    World.Run run() {
        return run;
    }

    Map<Long, Open> open() {
        return open;
    }

    /** The timers that have been started and have neither fired nor been cancelled. */
    Map<Long, Instant> timers() {
        return timers;
    }

    /** Takes a timer to let it fire. */
    Command fire(long ticket) {
        var due = Objects.requireNonNull(timers.remove(ticket), "this timer is there to fire");
        fired.put(ticket, due);
        return new Command.FireTimer(ticket, due);
    }

    List<Command> sent() {
        return sent;
    }

    Optional<Long> continuing() {
        return continuing;
    }

    /** The ticket that the end of the state machine's pause is awaited under. */
    Optional<Long> awaitingResume() {
        return awaitingResume;
    }

    /** The ticket under which its state machine's limit counts it, whether it runs or waits. */
    Optional<Long> turn() {
        return turn;
    }

    /** Whether it waits until it is its turn. */
    boolean awaitsTurn() {
        return run.rows
                .execution()
                .flatMap(ExecutionRow::turn)
                .filter(asked -> !asked.come())
                .isPresent();
    }

    Set<Long> held() {
        return held.keySet();
    }

    /** It is this task's turn: its request is sent. */
    void sendHeld(long ticket) {
        open.put(ticket, Objects.requireNonNull(held.remove(ticket), "this request is there to be sent"));
    }

    /** Whether it has been paused itself. */
    boolean isPaused() {
        return run.rows.execution().flatMap(ExecutionRow::paused).isPresent();
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    boolean hasStarted() {
        return !sent.isEmpty();
    }

    /** The step, taken twice, with what it reads and changes counted. */
    Step step(Command command, Inputs inputs) {
        var rows = run.rows;
        if (rows.execution().isPresent()) {
            rows.frames().forEach(frame -> coverage.count(run.machine.state(frame.state()), command, frame.phase()));
        }
        sent.add(command);
        rows.takeReads();
        var step = Interpreter.step(rows, command, inputs);
        var reads = rows.takeReads();
        assertThat(Interpreter.step(rows, command, inputs))
                .as("the same step again")
                .isEqualTo(step);
        var bound = 16 + 6 * limits.childrenPerStep();
        assertThat(reads).as("rows read by a step: %s", command).isLessThanOrEqualTo(2 * bound);
        assertThat(step.rows().size())
                .as("rows changed by a step: %s", step.rows())
                .isLessThanOrEqualTo(bound);
        return step;
    }

    /** Judges a step that has been applied. */
    void stepped(Command command, Inputs inputs, Step step) {
        if (isRedriven(step)) {
            assertThat(outcome).as("what is redriven").isPresent().get().isNotInstanceOf(Outcome.Succeeded.class);
            outcome = Optional.empty();
        }
        if (outcome.isPresent()) {
            assertThat(step.effects())
                    .as("after the end")
                    .allMatch(effect -> effect instanceof Effect.Answer
                            || effect instanceof Effect.CancelChild
                            || effect instanceof Effect.Continue
                            || effect instanceof Effect.TellParent(var _, ChildReport.Refused _));
            assertThat(step.rows()).as("after the end").allMatch(change -> isOfAfterTheEnd(command, change));
        }
        if (command instanceof Command.Continue(var ticket) && continuing.equals(Optional.of(ticket))) {
            continuing = Optional.empty();
        }
        if (command instanceof Command.Continue(var ticket) && awaitingResume.equals(Optional.of(ticket))) {
            awaitingResume = Optional.empty();
        }
        step.effects().forEach(this::check);
        step.effects().stream()
                .filter(Effect.EndTask.class::isInstance)
                .forEach(end -> assertThat(counted)
                        .as("tasks that are over are not counted")
                        .doesNotContainKey(((Effect.EndTask) end).ticket()));
        assertThat(run.rows.execution().flatMap(ExecutionRow::turn).map(ExecutionRow.Turn::ticket))
                .as("the turn of an execution that runs or waits for it")
                .isEqualTo(turn);
        if (isPaused() || inputs.stateMachinePaused() || awaitsTurn()) {
            assertThat(step.effects()).as("while paused").noneMatch(SimulatedExecution::begins);
        }
        checkVerdict(command, inputs.requestId(), step);
        var waiting = run.rows
                .execution()
                .flatMap(row -> row.continuing().isPresent()
                        ? Optional.of(row.continuing().getAsLong())
                        : Optional.<Long>empty());
        if (waiting.isEmpty()) {
            continuing = Optional.empty();
        }
        assertThat(continuing).as("the outstanding continue command").isEqualTo(waiting);
        var awaited = run.rows
                .execution()
                .flatMap(row -> row.awaitingResume().isPresent()
                        ? Optional.of(row.awaitingResume().getAsLong())
                        : Optional.<Long>empty());
        if (awaited.isEmpty()) {
            awaitingResume = Optional.empty();
        }
        assertThat(awaitingResume).as("the awaited resume").isEqualTo(awaited);
    }

    private static boolean begins(Effect effect) {
        return effect instanceof Effect.RequestTask
                || effect instanceof Effect.StartChild
                || effect instanceof Effect.RecordHistory(var event)
                        && event.type().wireName().endsWith("StateEntered");
    }

    /** A verdict, a wait that is over, or what a child has told that was given up; and whether a redrive is still to come. */
    private static boolean isOfAfterTheEnd(Command command, RowChange change) {
        return switch (change) {
            case RowChange.PutAnswered _, RowChange.DeleteWait _ -> true;
            case RowChange.PutFrame _, RowChange.PutWait _ -> command instanceof Command.HearOfChild;
            case RowChange.PutExecution(var row) -> row.ended().isPresent();
            case RowChange.PutInput _,
                    RowChange.DeleteInput _,
                    RowChange.DeleteFrame _,
                    RowChange.PutStateInput _,
                    RowChange.DeleteStateInput _,
                    RowChange.PutPage _,
                    RowChange.DeletePage _ -> false;
        };
    }

    private static boolean isRedriven(Step step) {
        return step.effects().stream()
                .anyMatch(effect -> effect instanceof Effect.RecordHistory(var event)
                        && event.type() == HistoryEventType.EXECUTION_REDRIVEN);
    }

    private void check(Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> {
                fresh(task.ticket());
                assertThat(unregistered).doesNotContain(task.name());
                var asked = new Open(task.ticket(), task.name(), task.input());
                switch (task.turn()) {
                    case AT_ONCE -> open.put(task.ticket(), asked);
                    case IN_ORDER -> {
                        held.put(task.ticket(), asked);
                        counted.put(task.ticket(), task.name());
                    }
                }
            }
            case Effect.ReleaseTask(var ticket, var name) ->
                assertThat(counted.remove(ticket, name))
                        .as("task %d is counted until it is over", ticket)
                        .isTrue();
            case Effect.AwaitTurn(var ticket) -> {
                fresh(ticket);
                assertThat(turn).as("turns of one execution").isEmpty();
                turn = Optional.of(ticket);
            }
            case Effect.ReleaseTurn(var ticket) -> {
                assertThat(turn).as("the turn that is over").isEqualTo(Optional.of(ticket));
                turn = Optional.empty();
            }
            case Effect.EndTask(var ticket, var _) -> {
                var ended = open.remove(ticket) != null || held.remove(ticket) != null || tickets.contains(ticket);
                assertThat(ended)
                        .as("task %d ends after it was asked for", ticket)
                        .isTrue();
            }
            case Effect.StartTimer(var ticket, var due, var _) -> {
                if (!open.containsKey(ticket) && !tickets.contains(ticket)) {
                    fresh(ticket);
                }
                assertThat(timers.put(ticket, due))
                        .as("one timer for ticket %d", ticket)
                        .isNull();
            }
            case Effect.CancelTimer(var ticket, var due) ->
                assertThat(timers.remove(ticket, due) || due.equals(fired.get(ticket)))
                        .as("timer %d is cancelled only if it was started", ticket)
                        .isTrue();
            case Effect.RecordHistory(var event) -> {
                assertThat(event.id()).as("event ids have no gaps").isEqualTo(lastEventId + 1);
                assertThat(event.previousEventId()).isLessThan(event.id());
                lastEventId = event.id();
                lastEvent = event.type();
            }
            case Effect.StartChild start -> {
                var ticket = start.parent().ticket();
                tickets.add(ticket);
                if (start.parent().item().isEmpty() && start.input().tree().has("answeredAs")) {
                    var name = start.input().tree().get("answeredAs").asText();
                    open.put(ticket, new Open(ticket, name, start.input()));
                }
            }
            case Effect.Answer _, Effect.TellParent _, Effect.CancelChild _, Effect.RedriveChild _ -> {}
            case Effect.Continue(var ticket) -> {
                fresh(ticket);
                continuing = Optional.of(ticket);
            }
            case Effect.AwaitResume(var ticket) -> {
                fresh(ticket);
                awaitingResume = Optional.of(ticket);
            }
            case Effect.Close(var how) -> {
                assertThat(outcome).as("an execution ends once").isEmpty();
                outcome = Optional.of(how);
            }
        }
    }

    private void fresh(long ticket) {
        assertThat(tickets.add(ticket)).as("ticket %d is used once", ticket).isTrue();
    }

    private void checkVerdict(Command command, Optional<String> requestId, Step step) {
        var answers = step.effects().stream()
                .filter(effect -> effect instanceof Effect.Answer)
                .toList();
        assertThat(answers.size()).as("answers to %s", command).isLessThanOrEqualTo(1);
        if (command instanceof Command.Heartbeat
                || command instanceof Command.FireTimer
                || command instanceof Command.Continue
                || command instanceof Command.StartChild
                || command instanceof Command.CancelChild
                || command instanceof Command.HearOfChild
                || command instanceof Command.Redrive(var parent) && parent.isPresent()) {
            return;
        }
        assertThat(answers).as("answers to %s", command).hasSize(1);
        if (requestId.isPresent()
                && run.rows.execution().isPresent()
                && answers.getFirst() instanceof Effect.Answer(var verdict)) {
            var first = verdicts.putIfAbsent(requestId.get(), verdict);
            if (first != null) {
                assertThat(verdict)
                        .as("a repeated request gets the first verdict")
                        .isEqualTo(first);
            }
        }
    }

    /** Of an execution that has ended, and of which no letter is on its way any more, only what a redrive or a reader needs is left. */
    void assertNothingLeft() {
        assertThat(open).as("tasks open after the end").isEmpty();
        assertThat(timers).as("timers set after the end").isEmpty();
        assertThat(held).as("requests held back after the end").isEmpty();
        assertThat(counted).as("tasks counted after the end").isEmpty();
        assertThat(turn).as("the turn of what has ended").isEmpty();
        var keys = new ArrayList<>(run.rows.keys());
        keys.removeIf(key -> key.startsWith("answered "));
        if (outcome.orElseThrow() instanceof Outcome.Succeeded) {
            assertThat(keys).containsExactly("execution");
            assertThat(lastEvent).isEqualTo(HistoryEventType.EXECUTION_SUCCEEDED);
        } else {
            keys.removeAll(List.of("execution", "input"));
            assertThat(keys).allMatch(run.rows::isForARedrive);
        }
    }
}
