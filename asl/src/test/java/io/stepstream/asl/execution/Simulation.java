package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** One random execution: commands in any order, among them late, stale, forged and repeated ones; every step is checked. */
final class Simulation {
    private static final String BINDING = "0123456789abcdef";

    private final RandomGenerator random;
    private final Coverage coverage;
    private final ObjectNode definition;
    private final StateMachine machine;
    private final Limits limits;
    private final Set<String> unregistered;
    private final Document input;
    private final StoredRows rows = new StoredRows();

    // What the world knows.
    private final Map<Long, Effect.RequestTask> open = new TreeMap<>();
    private final Map<Long, Instant> timers = new TreeMap<>();
    private final Map<Long, Instant> fired = new HashMap<>();
    private final Set<Long> tickets = new HashSet<>();
    private final List<Command> sent = new ArrayList<>();
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private Optional<Long> continuing = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private Instant now = InterpreterDriver.START;
    private long lastEventId;
    private HistoryEventType lastEvent = HistoryEventType.EXECUTION_STARTED;
    private long steps;

    Simulation(RandomGenerator random, Coverage coverage, boolean calm) {
        this.random = random;
        this.coverage = coverage;
        definition = new RandomMachine(random, calm ? 0 : 2).make();
        machine = switch (StateMachine.parse(definition.toString())) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError("generated an invalid machine: " + findings);
        };
        limits = switch (random.nextInt(3)) {
            case 0 -> new Limits(1, 512 * 1024, 1, 256 * 1024, 25_000, 16);
            case 1 -> new Limits(1 + random.nextInt(4), 300, 1 + random.nextInt(3), 256 * 1024, 25_000, 16);
            default -> Limits.DEFAULT;
        };
        unregistered = !calm && chance(10) && !machine.taskNames().isEmpty()
                ? Set.of(machine.taskNames().iterator().next())
                : Set.of();
        input = Document.of(JsonNodeFactory.instance.objectNode().put("n", random.nextInt(3)));
    }

    ObjectNode definition() {
        return definition;
    }

    /** Every task succeeds, no time passes but what the machine itself waits for: the oracle knows what must come out. */
    void runCalmly() {
        send(start(), Optional.empty());
        finish();
        var ending = outcome.orElseThrow();
        if (ending instanceof Outcome.TimedOut) {
            return;
        }
        try {
            var expected = Oracle.run(definition, input.tree().deepCopy());
            assertThat(ending).isEqualTo(new Outcome.Succeeded(Document.ofTrusted(expected.toString())));
        } catch (Oracle.Failed failed) {
            assertThat(ending).isEqualTo(new Outcome.Failed(Optional.of(failed.error()), Optional.of(failed.cause())));
        }
    }

    /** Anything may happen; yet it ends, and every promise is kept on the way. */
    void runRoughly() {
        if (chance(5)) {
            mischief();
        }
        send(start(), requestId());
        if (chance(10)) {
            send(new Command.Stop(Optional.empty(), Optional.of("at once")), requestId());
        }
        var actions = random.nextInt(60);
        for (int i = 0; i < actions; i++) {
            act();
        }
        finish();
        for (int i = 0; i < 8; i++) {
            mischief();
        }
        finish();
        rowsAreRight();
    }

    private Command start() {
        return new Command.Start(InterpreterDriver.identity(), input);
    }

    private void act() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> answerSomeTask();
            case 3 -> continuing.ifPresent(ticket -> send(new Command.Continue(ticket), Optional.empty()));
            case 4, 5 -> letTimePass();
            case 6 ->
                anyOpen().ifPresent(task -> send(new Command.Heartbeat(task.ticket(), BINDING, now), requestId()));
            case 7 ->
                anyOpen()
                        .ifPresent(task -> send(
                                new Command.StartTask(task.ticket(), BINDING, Optional.of("worker"), now),
                                requestId()));
            case 8 -> {
                if (chance(10)) {
                    send(new Command.Stop(Optional.of("Stopped"), Optional.empty()), requestId());
                }
            }
            default -> mischief();
        }
    }

    private void answerSomeTask() {
        anyOpen().ifPresent(task -> {
            var ticket = task.ticket();
            var name = task.name();
            if (chance(75)) {
                send(
                        new Command.CompleteTask(ticket, BINDING, Document.of(Oracle.answer(name)), appended()),
                        requestId());
            } else {
                var error = chance(90)
                        ? Optional.of(RandomMachine.ERRORS.get(random.nextInt(2)))
                        : Optional.<String>empty();
                send(new Command.FailTask(ticket, BINDING, error, Optional.of("cause"), appended()), requestId());
            }
        });
    }

    /** Results may have been in the log for a while when they are read. */
    private Instant appended() {
        return chance(70) ? now : now.minusSeconds(random.nextInt(10));
    }

    /** The clock moves; timers that have become due fire, or do not yet. */
    private void letTimePass() {
        now = now.plusMillis(random.nextInt(6000));
        for (var timer : new TreeMap<>(timers).entrySet()) {
            if (timer.getValue().isAfter(now)) {
                continue;
            }
            if (chance(70) && timers.remove(timer.getKey(), timer.getValue())) {
                fired.put(timer.getKey(), timer.getValue());
                send(new Command.FireTimer(timer.getKey(), timer.getValue()), Optional.empty());
            }
        }
    }

    /** Commands that must not do harm. */
    private void mischief() {
        var ticket = random.nextLong(30);
        switch (random.nextInt(14)) {
            case 0 -> send(new Command.CompleteTask(ticket, "fedcba9876543210", input, now), requestId());
            case 1 ->
                send(
                        new Command.FailTask(ticket, "fedcba9876543210", Optional.empty(), Optional.empty(), now),
                        requestId());
            case 2 -> send(new Command.Heartbeat(ticket, "fedcba9876543210", now), requestId());
            case 3 -> send(new Command.StartTask(ticket, "fedcba9876543210", Optional.empty(), now), requestId());
            case 4 -> send(new Command.FireTimer(ticket, now.plusNanos(1)), Optional.empty());
            case 5 -> send(new Command.Continue(1_000_000), Optional.empty());
            case 6 -> {
                if (steps > 0 && outcome.isEmpty()) {
                    send(start(), requestId());
                }
            }
            case 7 -> {
                if (steps > 0) {
                    send(new Command.Start(InterpreterDriver.identity(), Document.ofTrusted("\"other\"")), requestId());
                }
            }
            case 8 -> send(hearsay(ticket), Optional.empty());
            case 9 -> {
                if (steps > 0) {
                    send(new Command.StartChild(InterpreterDriver.identity(), input, stranger()), Optional.empty());
                }
            }
            case 11 ->
                send(
                        new Command.UpdateMapRun(
                                ticket, "arn:of:no:run", Optional.of(1L), Optional.empty(), Optional.empty()),
                        requestId());
            case 12 -> send(new Command.Redrive(), requestId());
            case 10 -> send(new Command.CancelChild(stranger().executionArn(), ticket + 1000), Optional.empty());
            default -> {
                if (!sent.isEmpty() && steps > 0) {
                    send(sent.get(random.nextInt(sent.size())), requestId());
                }
            }
        }
        if (outcome.isPresent() && chance(20)) {
            send(new Command.Stop(Optional.empty(), Optional.empty()), requestId());
        }
    }

    /** A report of a child that nobody here has started. */
    private Command hearsay(long ticket) {
        return new Command.HearOfChild(
                ticket, BINDING, OptionalInt.empty(), new ChildReport.Started("arn:of:somebody", now), now);
    }

    /** Another execution, which would have liked to start this one. */
    private static Parent stranger() {
        return new Parent("arn:of:a:stranger", 7, BINDING, Parent.Interest.START, Optional.empty());
    }

    private Optional<String> requestId() {
        return chance(30) ? Optional.of("request-" + random.nextInt(200)) : Optional.empty();
    }

    /** Answers what is open and lets time pass until the execution ends. */
    private void finish() {
        for (int i = 0; outcome.isEmpty(); i++) {
            assertThat(i).as("an execution that has all it needs ends").isLessThan(5000);
            if (continuing.isPresent() && chance(60)) {
                send(new Command.Continue(continuing.get()), Optional.empty());
            } else if (!open.isEmpty()) {
                var task = anyOpen().orElseThrow();
                var answer = Document.of(Oracle.answer(task.name()));
                send(new Command.CompleteTask(task.ticket(), BINDING, answer, now), Optional.empty());
            } else if (continuing.isPresent()) {
                send(new Command.Continue(continuing.get()), Optional.empty());
            } else {
                var next = Map.copyOf(timers).entrySet().stream()
                        .min(Map.Entry.<Long, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
                assertThat(next)
                        .as("an execution that goes on waits for something: %s", rows)
                        .isPresent();
                timers.remove(next.get().getKey());
                fired.put(next.get().getKey(), next.get().getValue());
                now = now.isBefore(next.get().getValue()) ? next.get().getValue() : now;
                send(new Command.FireTimer(next.get().getKey(), next.get().getValue()), Optional.empty());
            }
        }
    }

    private Optional<Effect.RequestTask> anyOpen() {
        return open.values().stream()
                .skip(open.isEmpty() ? 0 : random.nextInt(open.size()))
                .findFirst();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    // --- every step, checked ---

    private void send(Command command, Optional<String> requestId) {
        if (rows.execution().isPresent()) {
            rows.frames().forEach(frame -> coverage.count(machine.state(frame.state()), command, frame.phase()));
        }
        sent.add(command);
        var inputs = new Inputs(
                machine,
                now,
                ++steps,
                limits,
                BINDING,
                ticket -> "token-" + ticket,
                name -> !unregistered.contains(name),
                requestId);
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
        rows.apply(step);
        if (isRedriven(step)) {
            assertThat(outcome).as("what is redriven").isPresent().get().isNotInstanceOf(Outcome.Succeeded.class);
            outcome = Optional.empty();
        }
        var ended = outcome.isPresent();
        if (ended) {
            assertThat(step.effects())
                    .as("after the end")
                    .allMatch(effect -> effect instanceof Effect.Answer
                            || effect instanceof Effect.TellParent(var _, ChildReport.Refused _));
            assertThat(step.rows()).as("after the end").allMatch(change -> change instanceof RowChange.PutAnswered);
        }
        if (command instanceof Command.Continue(var ticket) && continuing.equals(Optional.of(ticket))) {
            continuing = Optional.empty();
        }
        step.effects().forEach(this::check);
        checkVerdict(command, requestId, step);
        var waiting = rows.execution()
                .flatMap(row -> row.continuing().isPresent()
                        ? Optional.of(row.continuing().getAsLong())
                        : Optional.<Long>empty());
        if (waiting.isEmpty()) {
            continuing = Optional.empty();
        }
        assertThat(continuing).as("the outstanding continue command").isEqualTo(waiting);
        if (outcome.isPresent() && !ended) {
            rowsAreRight();
        }
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
                open.put(task.ticket(), task);
            }
            case Effect.EndTask(var ticket, var _) ->
                assertThat(open.remove(ticket)).as("task %d ends once", ticket).isNotNull();
            case Effect.StartTimer(var ticket, var due, var _) -> {
                if (!open.containsKey(ticket)) {
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
            case Effect.Answer _ -> {}
            case Effect.TellParent _ -> {}
            case Effect.StartChild _, Effect.CancelChild _ ->
                throw new AssertionError("the machines of this simulation start nobody: " + effect);
            case Effect.Continue(var ticket) -> {
                fresh(ticket);
                continuing = Optional.of(ticket);
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
                || command instanceof Command.HearOfChild) {
            return;
        }
        assertThat(answers).as("answers to %s", command).hasSize(1);
        if (requestId.isPresent()
                && rows.execution().isPresent()
                && answers.getFirst() instanceof Effect.Answer(var verdict)) {
            var first = verdicts.putIfAbsent(requestId.get(), verdict);
            if (first != null) {
                assertThat(verdict)
                        .as("a repeated request gets the first verdict")
                        .isEqualTo(first);
            }
        }
    }

    private void rowsAreRight() {
        assertThat(open).as("tasks open after the end").isEmpty();
        assertThat(timers).as("timers set after the end").isEmpty();
        var keys = new ArrayList<>(rows.keys());
        keys.removeIf(key -> key.startsWith("answered "));
        if (outcome.orElseThrow() instanceof Outcome.Succeeded) {
            assertThat(keys).containsExactly("execution");
            assertThat(lastEvent).isEqualTo(HistoryEventType.EXECUTION_SUCCEEDED);
        } else {
            assertThat(keys).containsExactly("execution", "frame /", "input");
        }
    }
}
