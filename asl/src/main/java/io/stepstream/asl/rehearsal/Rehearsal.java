package io.stepstream.asl.rehearsal;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.ChildMachine;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One execution with its child executions, played in memory. Time stands still while they step, and jumps to the next thing due when
 * nothing is left to do: a wait of a year takes no longer than one of a second.
 */
public final class Rehearsal {
    private static final String BINDING = "0123456789abcdef";

    private final Setting setting;
    private final Surroundings surroundings;
    private final Observer observer;
    private final Supplier<? extends RowStore> store;
    private final Map<String, Run> runs = new HashMap<>();
    private final Run root;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>(Due.FIRST);
    private final Set<Timer> timers = new HashSet<>();
    private final Map<Wait, Effect.RequestTask> tasks = new LinkedHashMap<>();
    private Instant now;
    private long order;
    private int steps;
    private Optional<Outcome> closed = Optional.empty();
    private Optional<Ending> ending = Optional.empty();

    /** An execution: the first one, or a child. */
    private static final class Run {
        private final int number;
        private final ExecutionIdentity identity;
        private final StateMachine machine;
        private final RowStore rows;
        /** What is still to come for it from outside. */
        private int orders;

        private Instant stepped = Instant.MIN;

        Run(int number, ExecutionIdentity identity, StateMachine machine, RowStore rows) {
            this.number = number;
            this.identity = identity;
            this.machine = machine;
            this.rows = rows;
        }

        String arn() {
            return identity.arn();
        }

        boolean isClosed() {
            return rows.execution().flatMap(ExecutionRow::ended).isPresent();
        }
    }

    private record Wait(String execution, long ticket) {}

    private record Timer(String execution, long ticket, Instant due) {}

    /**
     * What comes first of one instant: what has a place of its own comes by that, a timer comes last, so that an answer in time is in
     * time.
     */
    private enum Turn {
        MESSAGE,
        PLACED,
        TIMER
    }

    /**
     * A command for an execution, and when it comes.
     *
     * @param given the moment of its step, if that does not come of itself
     */
    private record Due(
            Instant at, Turn turn, long order, String execution, Command command, Optional<Surroundings.Moment> given) {
        static final Comparator<Due> FIRST = Comparator.comparing(Due::at)
                .thenComparing(Due::turn)
                .thenComparingLong(
                        due -> due.given().map(Surroundings.Moment::place).orElse(0L))
                .thenComparing(Due::order);
    }

    public Rehearsal(StateMachine machine, Setting setting, Answers answers, Observer observer) {
        this(machine, setting, answers, observer, MemoryRows::new);
    }

    /** The same with the rows of each execution in a store of another kind. */
    public Rehearsal(
            StateMachine machine,
            Setting setting,
            Answers answers,
            Observer observer,
            Supplier<? extends RowStore> store) {
        this(machine, setting, (_, request) -> answers.to(request), observer, store);
    }

    /** The same with more than answers given. */
    public Rehearsal(
            StateMachine machine,
            Setting setting,
            Surroundings surroundings,
            Observer observer,
            Supplier<? extends RowStore> store) {
        this.setting = setting;
        this.surroundings = surroundings;
        this.observer = observer;
        this.store = store;
        now = setting.from();
        root = run(setting.execution(), machine);
    }

    private Run run(ExecutionIdentity identity, StateMachine machine) {
        var run = new Run(runs.size(), identity, machine, store.get());
        runs.put(run.arn(), run);
        return run;
    }

    /** Plays the execution from its start to its end. Children that nobody waits for are left where they are then. */
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
        start(new Command.Start(root.identity, input));
    }

    /** The same with another beginning: an execution that another has started tells that one, and nobody hears it here. */
    public void start(Command start) {
        begin(root, start);
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
        take(due.get());
        if (root.orders == 0 && root.isClosed()) {
            closed.ifPresent(outcome -> end(new Ending.Ended(outcome, root.stepped)));
        }
        return ending;
    }

    private void take(Due due) {
        var run = Objects.requireNonNull(runs.get(due.execution()));
        // Of one execution, time does not go back; clocks of two need not agree.
        now = due.at().isBefore(run.stepped) ? run.stepped : due.at();
        run.stepped = now;
        steps++;
        if (isOrder(due.command())) {
            run.orders--;
        }
        var seed = due.given().map(Surroundings.Moment::seed).orElse(setting.seed() + steps);
        var step = Interpreter.step(run.rows, due.command(), inputs(run, seed, limits(due)));
        run.rows.apply(step);
        step.effects().forEach(effect -> carryOut(run, effect));
    }

    /**
     * Any command goes on with what is left to do; but a sign of life that nobody has recorded, and the timer that comes to nothing by it,
     * found nothing of that, or else they had been.
     */
    private Limits limits(Due due) {
        var quiet = due.given().isEmpty()
                && (due.command() instanceof Command.Heartbeat
                        || due.command() instanceof Command.FireTimer(var ticket, var _) && isKeptAlive(due, ticket));
        return quiet ? setting.limits().withoutWork() : setting.limits();
    }

    private boolean isKeptAlive(Due due, long ticket) {
        return Optional.ofNullable(tasks.get(new Wait(due.execution(), ticket)))
                .flatMap(Effect.RequestTask::heartbeat)
                .isPresent();
    }

    private static boolean isOrder(Command command) {
        return switch (command) {
            case Command.Redrive redrive -> redrive.parent().isEmpty();
            case Command.Stop _, Command.Pause _, Command.Resume _, Command.UpdateMapRun _ -> true;
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Heartbeat _,
                    Command.FireTimer _,
                    Command.Continue _ -> false;
        };
    }

    private Optional<Ending> end(Ending how) {
        ending = Optional.of(how);
        return ending;
    }

    private Optional<Due> nextDue() {
        for (var due = agenda.poll(); due != null; due = agenda.poll()) {
            if (!isOver(due)) {
                return Optional.of(due);
            }
        }
        return Optional.empty();
    }

    /** A timer that was cancelled, or an answer to a task that is over, which would be refused. */
    private boolean isOver(Due due) {
        return switch (due.command()) {
            case Command.FireTimer(var ticket, var time) -> !timers.remove(new Timer(due.execution(), ticket, time));
            case Command.CompleteTask task -> isOver(due, task.ticket());
            case Command.FailTask task -> isOver(due, task.ticket());
            case Command.StartTask task -> isOver(due, task.ticket());
            case Command.Start _, Command.StartChild _, Command.CancelChild _, Command.HearOfChild _ -> false;
            case Command.Heartbeat _, Command.Continue _ -> false;
            case Command.Stop _, Command.Pause _, Command.Resume _, Command.Redrive _, Command.UpdateMapRun _ -> false;
        };
    }

    private boolean isOver(Due due, long ticket) {
        return due.given().isEmpty() && !tasks.containsKey(new Wait(due.execution(), ticket));
    }

    private Inputs inputs(Run run, long seed, Limits limits) {
        return new Inputs(
                run.machine,
                now,
                seed,
                limits,
                BINDING,
                ticket -> surroundings.token(run.identity, ticket).orElse("token-" + run.number + "-" + ticket),
                _ -> true,
                false,
                Optional.empty());
    }

    /** Has a command come; for an execution that does not exist it is lost, as it would find no rows. */
    private void send(String execution, Duration after, Command command) {
        var run = runs.get(execution);
        if (run != null) {
            plan(run, now.plus(after), Turn.MESSAGE, command);
        }
    }

    private void plan(Run run, Instant at, Turn turn, Command command) {
        var given = surroundings.moment(run.identity, command, at);
        agenda.add(new Due(
                given.map(Surroundings.Moment::now).orElse(at),
                given.map(_ -> Turn.PLACED).orElse(turn),
                order++,
                run.arn(),
                command,
                given));
    }

    /** What comes from outside is known from the start. */
    private void begin(Run run, Command start) {
        plan(run, now, Turn.MESSAGE, start);
        for (var order : surroundings.orders(run.identity)) {
            run.orders += isOrder(order.command()) ? 1 : 0;
            plan(run, order.at(), Turn.MESSAGE, order.command());
        }
    }

    private void carryOut(Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> {
                tasks.put(new Wait(by.arn(), task.ticket()), task);
                surroundings
                        .answers(by.identity, task)
                        .forEach(reply -> send(by.arn(), reply.after(), command(task.ticket(), reply)));
            }
            case Effect.EndTask(var ticket, var _) -> tasks.remove(new Wait(by.arn(), ticket));
            case Effect.StartChild start -> startChild(by, start);
            case Effect.CancelChild(var arn, var _)
            when !runs.containsKey(arn) -> surroundings.cancelled(by.identity, arn);
            case Effect.CancelChild(var arn, var ticket) ->
                send(arn, Duration.ZERO, new Command.CancelChild(by.arn(), ticket));
            case Effect.RedriveChild(var arn, var parent) ->
                send(arn, Duration.ZERO, new Command.Redrive(Optional.of(parent)));
            case Effect.TellParent(var parent, var report) -> tell(parent, report, Duration.ZERO);
            case Effect.StartTimer(var ticket, var due, var _) -> {
                timers.add(new Timer(by.arn(), ticket, due));
                plan(by, due, Turn.TIMER, new Command.FireTimer(ticket, due));
            }
            case Effect.CancelTimer(var ticket, var due) -> timers.remove(new Timer(by.arn(), ticket, due));
            case Effect.RecordHistory(var event) -> observer.happened(by.identity, now, event);
            case Effect.Continue(var ticket) -> send(by.arn(), Duration.ZERO, new Command.Continue(ticket));
            case Effect.Close(var outcome) -> {
                if (by == root) {
                    closed = Optional.of(outcome);
                }
            }
            // Nobody waits for verdicts: every command here is the rehearsal's own. Nothing is paused or limited in
            // one.
            case Effect.Answer _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _ -> {}
        }
    }

    private void startChild(Run parent, Effect.StartChild start) {
        var told = surroundings.child(parent.identity, start);
        if (told.isPresent()) {
            told.get().forEach(telling -> tell(start.parent(), telling.report(), telling.after()));
        } else {
            rehearseChild(parent, start);
        }
    }

    private void rehearseChild(Run parent, Effect.StartChild start) {
        var identity = identity(start);
        if (!runs.containsKey(identity.arn())) {
            var machine = switch (start.machine()) {
                case ChildMachine.SameAsParent _ -> Optional.of(parent.machine);
                case ChildMachine.Current _ ->
                    Optional.ofNullable(setting.others().get(identity.stateMachineName()));
            };
            if (machine.isEmpty()) {
                tell(
                        start.parent(),
                        new ChildReport.Refused(
                                ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, identity.stateMachineArn()),
                        Duration.ZERO);
                return;
            }
            begin(run(identity, machine.get()), new Command.StartChild(identity, start.input(), start.parent()));
            return;
        }
        send(identity.arn(), Duration.ZERO, new Command.StartChild(identity, start.input(), start.parent()));
    }

    private static ExecutionIdentity identity(Effect.StartChild start) {
        return switch (start.machine()) {
            case ChildMachine.Current(var arn) ->
                new ExecutionIdentity(
                        start.executionArn(), start.name(), arn, machineName(arn), Setting.ROLE, Setting.REVISION);
            case ChildMachine.SameAsParent(var arn, var name, var role, var revision) ->
                new ExecutionIdentity(start.executionArn(), start.name(), arn, name, role, revision);
        };
    }

    /** Of an ARN that ends in the name, with or without a version or an alias behind it. */
    private static String machineName(String stateMachineArn) {
        var parts = stateMachineArn.split(":");
        return parts[Math.min(6, parts.length - 1)];
    }

    private void tell(Parent parent, ChildReport report, Duration after) {
        var item = parent.item().map(which -> OptionalInt.of(which.index())).orElseGet(OptionalInt::empty);
        send(
                parent.executionArn(),
                after,
                new Command.HearOfChild(parent.ticket(), parent.binding(), item, report, now.plus(after)));
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
