package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Several executions, each a set of rows, and the letters between them: what the topic of internal records carries. Letters from one
 * execution to another keep their order; whoever owns the world chooses which of the others comes first.
 */
final class World {
    static final String BINDING = "0123456789abcdef";

    /** One execution. */
    static final class Run {
        final ExecutionIdentity identity;
        final StateMachine machine;
        final StoredRows rows = new StoredRows();
        final List<HistoryEvent> history = new ArrayList<>();
        Optional<Outcome> outcome = Optional.empty();
        /** Steps so far, rows they wrote and deleted, the most of one, the characters of those written and of all effects. */
        long steps;

        long rowChanges;
        int mostRowChanges;
        long rowCharacters;
        long effectCharacters;

        Run(ExecutionIdentity identity, StateMachine machine) {
            this.identity = identity;
            this.machine = machine;
        }

        String arn() {
            return identity.arn();
        }

        private void count(Step step) {
            steps++;
            rowChanges += step.rows().size();
            mostRowChanges = Math.max(mostRowChanges, step.rows().size());
            step.rows().forEach(change -> rowCharacters += change.toString().length());
            step.effects()
                    .forEach(effect -> effectCharacters += effect.toString().length());
        }
    }

    /** A command of one execution to another, on its way. */
    record Letter(String from, String to, Command command) {}

    /** What has to be done for an execution outside of all of them. */
    @FunctionalInterface
    interface Outside {
        void carryOut(Run by, Effect effect);

        /** The step of a command, for those who look at each. */
        default Step step(Run run, Command command, Inputs inputs) {
            return Interpreter.step(run.rows, command, inputs);
        }

        /** A step has been applied. */
        default void stepped(Run run, Command command, Inputs inputs, Step step) {}
    }

    private final Map<String, StateMachine> machines = new TreeMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<Letter> letters = new ArrayList<>();
    private final Limits limits;
    private final Inputs.TaskNames taskNames;
    private boolean stateMachinePaused;
    private boolean stateMachineLimited;
    private final Outside outside;
    private Instant now;
    private long steps;

    World(Limits limits, Instant now, Outside outside) {
        this(limits, now, _ -> true, outside);
    }

    World(Limits limits, Instant now, Inputs.TaskNames taskNames, Outside outside) {
        this.limits = limits;
        this.now = now;
        this.taskNames = taskNames;
        this.outside = outside;
    }

    void deploy(String stateMachineArn, StateMachine machine) {
        machines.put(stateMachineArn, machine);
    }

    Instant now() {
        return now;
    }

    void now(Instant later) {
        now = later;
    }

    Map<String, Run> runs() {
        return runs;
    }

    Run run(String arn) {
        var run = runs.get(arn);
        if (run == null) {
            throw new AssertionError("no execution " + arn + " among " + runs.keySet());
        }
        return run;
    }

    /** What is on its way, oldest first; only the first from one execution to another can be delivered. */
    List<Letter> letters() {
        return letters;
    }

    /** Starts an execution of a definition, with an empty input. */
    Run started(String definition) {
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        return start(InterpreterDriver.identity(), machine, InterpreterDriver.json("{}"));
    }

    Run start(ExecutionIdentity identity, StateMachine machine, Document input) {
        return start(identity, machine, input, Optional.empty());
    }

    Run start(ExecutionIdentity identity, StateMachine machine, Document input, Optional<String> requestId) {
        var run = new Run(identity, machine);
        runs.put(run.arn(), run);
        send(run.arn(), new Command.Start(identity, input), requestId);
        return run;
    }

    /** A command for an execution that exists; for another one it is lost, as it finds no rows. */
    void send(String arn, Command command) {
        send(arn, command, Optional.empty());
    }

    void send(String arn, Command command, Optional<String> requestId) {
        var run = runs.get(arn);
        if (run == null) {
            return;
        }
        var inputs = inputs(run, requestId);
        var step = outside.step(run, command, inputs);
        run.rows.apply(step);
        run.count(step);
        step.effects().forEach(effect -> carryOut(run, effect));
        outside.stepped(run, command, inputs, step);
    }

    /** Delivers a letter that {@link #letters} has; a start makes the execution, or is refused for want of its machine. */
    void deliver(Letter letter) {
        letters.remove(letter);
        if (letter.command() instanceof Command.StartChild(var identity, var _, var parent)
                && !runs.containsKey(letter.to())) {
            var machine = machineOf(identity, parent);
            if (machine.isEmpty()) {
                var refused = new ChildReport.Refused(
                        ChildReport.Refusal.STATE_MACHINE_DOES_NOT_EXIST, identity.stateMachineArn());
                letters.add(new Letter(letter.to(), letter.from(), reportTo(parent, refused)));
                return;
            }
            runs.put(letter.to(), new Run(identity, machine.get()));
        }
        if (letter.command() instanceof Command.Redrive(var asking) && !runs.containsKey(letter.to())) {
            var refused = new ChildReport.Refused(ChildReport.Refusal.EXECUTION_NOT_REDRIVABLE, letter.to());
            letters.add(new Letter(letter.to(), letter.from(), reportTo(asking.orElseThrow(), refused)));
            return;
        }
        send(letter.to(), letter.command());
    }

    private Optional<StateMachine> machineOf(ExecutionIdentity identity, Parent parent) {
        return parent.item().isPresent()
                ? Optional.of(run(parent.executionArn()).machine)
                : Optional.ofNullable(machines.get(identity.stateMachineArn()));
    }

    private void carryOut(Run by, Effect effect) {
        switch (effect) {
            case Effect.StartChild start ->
                letters.add(new Letter(
                        by.arn(),
                        start.executionArn(),
                        new Command.StartChild(identity(start), start.input(), start.parent())));
            case Effect.CancelChild(var arn, var ticket) ->
                letters.add(new Letter(by.arn(), arn, new Command.CancelChild(by.arn(), ticket)));
            case Effect.RedriveChild(var arn, var parent) ->
                letters.add(new Letter(by.arn(), arn, new Command.Redrive(Optional.of(parent))));
            case Effect.TellParent(var parent, var report) ->
                letters.add(new Letter(by.arn(), parent.executionArn(), reportTo(parent, report)));
            case Effect.RecordHistory(var event) -> by.history.add(event);
            case Effect.Close(var how) -> {
                by.outcome = Optional.of(how);
                outside.carryOut(by, effect);
            }
            case Effect.RequestTask _,
                    Effect.EndTask _,
                    Effect.StartTimer _,
                    Effect.CancelTimer _,
                    Effect.Answer _,
                    Effect.Continue _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _ -> outside.carryOut(by, effect);
        }
    }

    private Command reportTo(Parent parent, ChildReport report) {
        var item = parent.item().map(which -> OptionalInt.of(which.index())).orElse(OptionalInt.empty());
        return new Command.HearOfChild(parent.ticket(), parent.binding(), item, report, now);
    }

    private static ExecutionIdentity identity(Effect.StartChild start) {
        return switch (start.machine()) {
            case ChildMachine.Current(var arn) ->
                new ExecutionIdentity(
                        start.executionArn(),
                        start.name(),
                        arn,
                        arn.substring(arn.lastIndexOf(':') + 1),
                        "arn:aws:iam::111111111111:role/child",
                        "1");
            case ChildMachine.SameAsParent(var arn, var name, var role, var revision) ->
                new ExecutionIdentity(start.executionArn(), start.name(), arn, name, role, revision);
        };
    }

    /** From now on, until the opposite is said, no step may begin anything. */
    void stateMachinePaused(boolean paused) {
        stateMachinePaused = paused;
    }

    /** From now on, until the opposite is said, executions that are started or redriven await their turn. */
    void stateMachineLimited(boolean limited) {
        stateMachineLimited = limited;
    }

    private Inputs inputs(Run run, Optional<String> requestId) {
        steps++;
        return new Inputs(
                run.machine,
                now,
                steps,
                limits,
                BINDING,
                ticket -> token(run.arn(), ticket),
                taskNames,
                stateMachinePaused,
                stateMachineLimited,
                requestId);
    }

    /** A task token of this world says in clear whose it is. */
    static String token(String arn, long ticket) {
        return "token " + arn + " " + ticket;
    }
}
