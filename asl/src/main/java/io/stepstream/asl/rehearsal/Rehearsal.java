package io.stepstream.asl.rehearsal;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.ChildMachine;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Interpreter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * One execution, played in memory. Its time stands still while it steps, and jumps to the next thing due when nothing is left to do:
 * a wait of a year takes no longer than one of a second.
 */
public final class Rehearsal {
    private static final String BINDING = "0123456789abcdef";

    private final StateMachine machine;
    private final Setting setting;
    private final Answers answers;
    private final Observer observer;
    private final RowStore rows;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>(Due.FIRST);
    private final Set<Effect.CancelTimer> timers = new HashSet<>();
    private final Map<Long, Effect.RequestTask> tasks = new LinkedHashMap<>();
    private Instant now;
    private long order;
    private int steps;
    private Optional<Ending> ending = Optional.empty();

    /** What comes first of one instant: a timer comes last, so that an answer in time is in time. */
    private enum Turn {
        MESSAGE,
        TIMER
    }

    /** A command, and when it comes. */
    private record Due(Instant at, Turn turn, long order, Command command) {
        static final Comparator<Due> FIRST =
                Comparator.comparing(Due::at).thenComparing(Due::turn).thenComparing(Due::order);
    }

    public Rehearsal(StateMachine machine, Setting setting, Answers answers, Observer observer) {
        this(machine, setting, answers, observer, new MemoryRows());
    }

    /** The same with rows kept elsewhere; {@code rows} must be empty. */
    public Rehearsal(StateMachine machine, Setting setting, Answers answers, Observer observer, RowStore rows) {
        this.machine = machine;
        this.setting = setting;
        this.answers = answers;
        this.observer = observer;
        this.rows = rows;
        now = setting.from();
    }

    /** Plays the execution from its start to its end. */
    public Ending play(Document input) {
        start(input);
        var ended = advance();
        while (ended.isEmpty()) {
            ended = advance();
        }
        return ended.get();
    }

    /** Puts the start of the execution, and nothing else, before the first {@link #advance}. */
    public void start(Document input) {
        send(Duration.ZERO, new Command.Start(setting.execution(), input));
    }

    /** Takes one step, of whatever is due next; tells how the rehearsal ended, once it has. */
    public Optional<Ending> advance() {
        if (ending.isPresent()) {
            return ending;
        }
        if (steps == setting.steps()) {
            return end(new Ending.OutOfSteps(steps));
        }
        var due = nextDue();
        if (due.isEmpty()) {
            return end(new Ending.Waiting(new ArrayList<>(tasks.values())));
        }
        now = due.get().at();
        var step = Interpreter.step(rows, due.get().command(), inputs());
        rows.apply(step);
        step.effects().forEach(this::carryOut);
        return ending;
    }

    private Optional<Ending> end(Ending how) {
        ending = Optional.of(how);
        return ending;
    }

    private Optional<Due> nextDue() {
        for (var due = agenda.poll(); due != null; due = agenda.poll()) {
            if (!(due.command() instanceof Command.FireTimer(var ticket, var time))
                    || timers.remove(new Effect.CancelTimer(ticket, time))) {
                return Optional.of(due);
            }
        }
        return Optional.empty();
    }

    private Inputs inputs() {
        steps++;
        return new Inputs(
                machine,
                now,
                setting.seed() + steps,
                setting.limits(),
                BINDING,
                ticket -> "token-" + ticket,
                _ -> true,
                Optional.empty());
    }

    private void send(Duration after, Command command) {
        agenda.add(new Due(now.plus(after), Turn.MESSAGE, order++, command));
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> {
                tasks.put(task.ticket(), task);
                answers.to(task).forEach(reply -> send(reply.after(), command(task.ticket(), reply)));
            }
            case Effect.EndTask(var ticket, var _) -> tasks.remove(ticket);
            case Effect.StartChild start -> send(Duration.ZERO, refusal(start));
            // The one execution here has neither a child that runs nor a parent.
            case Effect.CancelChild _, Effect.TellParent _ -> {}
            case Effect.StartTimer(var ticket, var due, var _) -> {
                timers.add(new Effect.CancelTimer(ticket, due));
                agenda.add(new Due(due, Turn.TIMER, order++, new Command.FireTimer(ticket, due)));
            }
            case Effect.CancelTimer cancelled -> timers.remove(cancelled);
            case Effect.RecordHistory(var event) -> observer.happened(setting.execution(), now, event);
            case Effect.Continue(var ticket) -> send(Duration.ZERO, new Command.Continue(ticket));
            case Effect.Close(var outcome) -> end(new Ending.Ended(outcome, now));
            // Nobody waits for verdicts: every command here is the rehearsal's own.
            case Effect.Answer _ -> {}
        }
    }

    /** A rehearsal knows one state machine: it says of every other that there is none. */
    private Command refusal(Effect.StartChild start) {
        var machineArn = switch (start.machine()) {
            case ChildMachine.Current(var arn) -> arn;
            case ChildMachine.SameAsParent same -> same.stateMachineArn();
        };
        var refused = new ChildReport.Refused(ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, machineArn);
        return new Command.HearOfChild(
                start.parent().ticket(), start.parent().binding(), OptionalInt.empty(), refused, now);
    }

    private Command command(long ticket, Reply reply) {
        var appended = now.plus(reply.after());
        return switch (reply) {
            case Reply.Complete(var _, var output) -> new Command.CompleteTask(ticket, BINDING, output, appended);
            case Reply.Fail(var _, var error, var cause) ->
                new Command.FailTask(ticket, BINDING, error, cause, appended);
            case Reply.Heartbeat _ -> new Command.Heartbeat(ticket, BINDING, appended);
            case Reply.Take(var _, var workerName) -> new Command.StartTask(ticket, BINDING, workerName, appended);
        };
    }
}
