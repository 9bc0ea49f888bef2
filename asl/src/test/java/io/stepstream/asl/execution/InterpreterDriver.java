package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.scenario.Observation;
import io.stepstream.asl.execution.scenario.ScenarioDriver;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays scenarios on the interpreter alone: rows as text, a clock that moves when told, every effect seen. */
final class InterpreterDriver implements ScenarioDriver {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String BINDING = "0123456789abcdef";

    private final StoredRows rows = new StoredRows();
    private final Limits limits;
    private final Map<Long, Instant> timers = new LinkedHashMap<>();
    private final Deque<Command> pending = new ArrayDeque<>();
    private final List<HistoryEvent> history = new ArrayList<>();
    private final List<Observation> seen = new ArrayList<>();
    private Optional<StateMachine> machine = Optional.empty();
    private Set<String> unregistered = Set.of();
    private Instant now = START;
    private long steps;

    InterpreterDriver(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void deploy(String definition, Set<String> notRegistered) {
        unregistered = notRegistered;
        machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> Optional.of(valid);
            case Parsed.Invalid(var findings) -> throw new AssertionError("invalid scenario definition: " + findings);
        };
    }

    @Override
    public List<Observation> play(Input input) {
        seen.clear();
        switch (input) {
            case Input.Start(var text) -> command(new Command.Start(identity(), json(text)));
            case Input.Complete(var ticket, var output) ->
                command(new Command.CompleteTask(ticket, BINDING, json(output), now));
            case Input.Fail(var ticket, var error, var cause) ->
                command(new Command.FailTask(ticket, BINDING, error, cause, now));
            case Input.Take(var ticket, var workerName) ->
                command(new Command.StartTask(ticket, BINDING, workerName, now));
            case Input.Heartbeat(var ticket) -> command(new Command.Heartbeat(ticket, BINDING, now));
            case Input.Stop(var error, var cause) -> command(new Command.Stop(error, cause));
            case Input.Advance(var by) -> advance(by);
        }
        return List.copyOf(seen);
    }

    private void advance(Duration by) {
        var until = now.plus(by);
        for (var due = nextDue(); due.isPresent() && !due.get().getValue().isAfter(until); due = nextDue()) {
            now = due.get().getValue();
            timers.remove(due.get().getKey());
            command(new Command.FireTimer(due.get().getKey(), now));
        }
        now = until;
    }

    private Optional<Map.Entry<Long, Instant>> nextDue() {
        return timers.entrySet().stream()
                .min(Map.Entry.<Long, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
    }

    private void command(Command command) {
        pending.add(command);
        while (!pending.isEmpty()) {
            var step = Interpreter.step(rows, pending.poll(), inputs());
            rows.apply(step);
            step.effects().forEach(this::carryOut);
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.RequestTask task ->
                seen.add(new Observation.Task(
                        task.ticket(), task.name(), task.input().text()));
            case Effect.StartTimer(var ticket, var due, var _) -> {
                timers.put(ticket, due);
                seen.add(new Observation.Timer(ticket, after(due)));
            }
            case Effect.CancelTimer(var ticket, var due) -> {
                timers.remove(ticket, due);
                seen.add(new Observation.CancelTimer(ticket));
            }
            case Effect.RecordHistory(var event) -> history.add(event);
            case Effect.Answer(Verdict.Refused(var reason, var _)) -> seen.add(new Observation.Refused(reason.name()));
            case Effect.Answer(Verdict.Accepted _) -> {}
            case Effect.AwaitResume _, Effect.AwaitTurn _, Effect.ReleaseTurn _, Effect.ReleaseTask _ ->
                throw new AssertionError("nothing is paused or limited in a scenario: " + effect);
            case Effect.Continue(var ticket) -> pending.add(new Command.Continue(ticket));
            case Effect.Close(var outcome) -> seen.add(end(outcome));
            case Effect.EndTask _ -> {}
            case Effect.StartChild _, Effect.CancelChild _, Effect.RedriveChild _, Effect.TellParent _ ->
                throw new AssertionError("a scenario has one execution: " + effect);
        }
    }

    private static Observation end(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded(var output) -> new Observation.Succeeded(output.text());
            case Outcome.Failed(var error, var cause) -> new Observation.Ended("failed", error, cause);
            case Outcome.TimedOut() -> new Observation.Ended("timed out", Optional.empty(), Optional.empty());
            case Outcome.Aborted(var error, var cause) -> new Observation.Ended("aborted", error, cause);
        };
    }

    private String after(Instant due) {
        var seconds = BigDecimal.valueOf(Duration.between(now, due).toMillis(), 3);
        return "+" + (seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString()) + "s";
    }

    @Override
    public boolean seesTimers() {
        return true;
    }

    /** The rows as they are. */
    StoredRows rows() {
        return rows;
    }

    /** Every history event so far. */
    List<HistoryEvent> history() {
        return history;
    }

    private Inputs inputs() {
        return new Inputs(
                machine.orElseThrow(),
                now,
                ++steps,
                limits,
                BINDING,
                ticket -> "token-" + ticket,
                name -> !unregistered.contains(name),
                false,
                Optional.empty());
    }

    static ExecutionIdentity identity() {
        return new ExecutionIdentity(
                "arn:aws:states:us-east-1:000000000000:execution:machine:run",
                "run",
                "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
                "machine",
                "arn:aws:iam::000000000000:role/role",
                "revision");
    }

    static Document json(String text) {
        try {
            return Document.parse(text);
        } catch (MalformedJson e) {
            throw new AssertionError(text, e);
        }
    }
}
