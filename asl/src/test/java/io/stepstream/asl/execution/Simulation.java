package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.BuiltInTasks;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One random execution with the executions it starts: commands in any order, among them late, stale, forged and repeated ones, and
 * letters between executions in any order that the topic of internal records may bring; every step is checked.
 */
final class Simulation implements World.Outside {
    private final RandomGenerator random;
    private final Coverage coverage;
    private final RandomMachine machines;
    private final ObjectNode definition;
    private final ObjectNode child;
    private final StateMachine machine;
    private final Limits limits;
    private final Set<String> unregistered;
    private final ObjectNode input;
    private final World world;
    private final Mischief mischief;
    private final Map<String, SimulatedExecution> executions = new LinkedHashMap<>();

    private boolean stateMachinePaused;
    private boolean limited;

    Simulation(RandomGenerator random, Coverage coverage, RandomMachine.Temper temper, RandomMachine.Company company) {
        this.random = random;
        this.coverage = coverage;
        var calm = temper == RandomMachine.Temper.CALM;
        machines = new RandomMachine(random, temper, company);
        definition = machines.make();
        child = machines.makeChild();
        machine = parse(definition);
        limits = switch (random.nextInt(3)) {
            case 0 -> new Limits(1, 512 * 1024, 1, 256 * 1024, 25_000, 16);
            case 1 -> new Limits(1 + random.nextInt(4), 300, 1 + random.nextInt(3), 256 * 1024, 25_000, 16);
            default -> Limits.DEFAULT;
        };
        unregistered = !calm && chance(10) && !machine.taskNames().isEmpty()
                ? Set.of(machine.taskNames().iterator().next())
                : Set.of();
        input = machines.input();
        var names = new Inputs.TaskNames() {
            @Override
            public boolean isRegistered(String name) {
                return !unregistered.contains(name);
            }

            @Override
            public boolean isLimited(String name) {
                return limited && !name.endsWith("2");
            }
        };
        world = new World(limits, InterpreterDriver.START, names, this);
        world.deploy(RandomMachine.CHILD_ARN, parse(child));
        mischief = new Mischief(random, world, input);
    }

    private static StateMachine parse(ObjectNode definition) {
        return switch (StateMachine.parse(definition.toString())) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError("generated an invalid machine: " + findings);
        };
    }

    ObjectNode definition() {
        return definition;
    }

    // --- the world's side ---

    @Override
    public Step step(World.Run run, Command command, Inputs inputs) {
        return executions
                .computeIfAbsent(run.arn(), _ -> new SimulatedExecution(run, coverage, limits, unregistered))
                .step(command, inputs);
    }

    @Override
    public void stepped(World.Run run, Command command, Inputs inputs, Step step) {
        execution(run.arn()).stepped(command, inputs, step);
    }

    @Override
    public void carryOut(World.Run by, Effect effect) {}

    private SimulatedExecution execution(String arn) {
        var execution = executions.get(arn);
        if (execution == null) {
            throw new AssertionError("no execution " + arn);
        }
        return execution;
    }

    // --- the two ways of it ---

    /** Every task succeeds, no time passes but what the machine itself waits for: the oracle knows what must come out. */
    void runCalmly() {
        world.start(InterpreterDriver.identity(), machine, Document.of(input));
        finish();
        var ending = root().outcome().orElseThrow();
        if (ending instanceof Outcome.TimedOut) {
            return;
        }
        try {
            var expected = new Oracle(machines.plans(), child).run(definition, input.deepCopy());
            assertThat(ending).isEqualTo(new Outcome.Succeeded(Document.ofTrusted(expected.toString())));
        } catch (Oracle.Failed failed) {
            assertThat(ending).isEqualTo(new Outcome.Failed(Optional.of(failed.error()), Optional.of(failed.cause())));
        }
    }

    /** Anything may happen; yet it ends, and every promise is kept on the way. */
    void runRoughly() {
        limit(chance(30));
        world.start(InterpreterDriver.identity(), machine, Document.of(input), requestId());
        if (chance(10)) {
            send(root(), new Command.Stop(Optional.empty(), Optional.of("at once")), requestId());
        }
        var actions = random.nextInt(100);
        for (int i = 0; i < actions; i++) {
            act(anyOf(executions.values()));
            stopAheadOfTheEnd();
            disturbAtAToleratedFailure();
        }
        finish();
        for (int i = 0; i < 12; i++) {
            mischief.to(anyOf(executions.values()));
            deliverAll();
        }
        finish();
        executions.values().forEach(SimulatedExecution::assertNothingLeft);
    }

    /** An iteration that failed and is tolerated is rare; what comes while one waits to be joined is sent more often than chance would. */
    private void disturbAtAToleratedFailure() {
        for (var execution : List.copyOf(executions.values())) {
            var tolerated = execution.run().rows.frames().stream()
                    .anyMatch(frame -> frame.phase() instanceof Phase.Ended
                            && execution.run().machine.state(frame.state()) instanceof State.Fail);
            if (tolerated && chance(30)) {
                mischief.to(execution);
            }
            if (tolerated && chance(3)) {
                send(execution, new Command.Stop(Optional.empty(), Optional.of("after a failure")), requestId());
            }
        }
    }

    /** An execution that has yielded ahead of its last state, or while it aborts, is stopped more often than chance would have it. */
    private void stopAheadOfTheEnd() {
        for (var execution : List.copyOf(executions.values())) {
            var last = execution.outcome().isEmpty()
                    && execution.run().rows.frames().stream()
                            .anyMatch(frame -> frame.path().isRoot()
                                    && frame.phase() instanceof Phase.Ready
                                    && execution.run().machine.state(frame.state()) instanceof State.Succeed);
            if (last && chance(30)) {
                send(execution, new Command.Stop(Optional.empty(), Optional.of("at the end")), requestId());
            }
            var aborting =
                    execution.run().rows.frames().stream().anyMatch(frame -> frame.phase() instanceof Phase.Aborting);
            if (aborting && chance(3)) {
                send(execution, new Command.Stop(Optional.empty(), Optional.of("while aborting")), requestId());
            }
        }
    }

    private SimulatedExecution root() {
        return execution(InterpreterDriver.identity().arn());
    }

    private void act(SimulatedExecution execution) {
        switch (random.nextInt(18)) {
            case 0, 1, 2 -> anyOpen(execution).ifPresent(task -> answer(execution, task));
            case 3 -> {
                execution.continuing().ifPresent(ticket -> send(execution, new Command.Continue(ticket)));
                execution
                        .awaitingResume()
                        .filter(_ -> !stateMachinePaused)
                        .ifPresent(ticket -> send(execution, new Command.Continue(ticket)));
            }
            case 4, 5 -> letTimePass();
            case 6 ->
                anyOpen(execution)
                        .ifPresent(task -> send(
                                execution,
                                new Command.Heartbeat(task.ticket(), World.BINDING, world.now()),
                                requestId()));
            case 7 ->
                anyOpen(execution)
                        .ifPresent(task -> send(
                                execution,
                                new Command.StartTask(task.ticket(), World.BINDING, Optional.of("worker"), world.now()),
                                requestId()));
            case 8 -> {
                if (chance(10)) {
                    send(execution, new Command.Stop(Optional.of("Stopped"), Optional.empty()), requestId());
                }
            }
            case 9, 10 -> deliverAny();
            case 11 -> send(execution, chance(50) ? new Command.Pause("somebody") : new Command.Resume(), requestId());
            case 12 -> pauseStateMachine(chance(30));
            case 13 -> limit(chance(50));
            case 14 -> {
                if (execution.awaitsTurn() && chance(50)) {
                    send(execution, new Command.Continue(execution.turn().orElseThrow()));
                }
                execution.held().stream().findFirst().ifPresent(execution::sendHeld);
            }
            default -> mischief.to(execution);
        }
    }

    /** All executions here keep to the pause of one state machine; when it is over they hear of it, each in its time. */
    private void pauseStateMachine(boolean paused) {
        world.stateMachinePaused(paused);
        stateMachinePaused = paused;
    }

    /** Whether what is started and asked for from now on awaits its turn. */
    private void limit(boolean asked) {
        limited = asked;
        world.stateMachineLimited(asked);
    }

    private void answer(SimulatedExecution execution, SimulatedExecution.Open task) {
        if (chance(75)) {
            send(
                    execution,
                    new Command.CompleteTask(task.ticket(), World.BINDING, output(task), appended()),
                    requestId());
        } else {
            var error =
                    chance(90) ? Optional.of(RandomMachine.ERRORS.get(random.nextInt(2))) : Optional.<String>empty();
            send(
                    execution,
                    new Command.FailTask(task.ticket(), World.BINDING, error, Optional.of("cause"), appended()),
                    requestId());
        }
    }

    private static Document output(SimulatedExecution.Open task) {
        return Document.of(
                task.name().equals(BuiltInTasks.ITEM_READER)
                        ? Oracle.page(task.input().tree())
                        : Oracle.answer(task.name()));
    }

    /** Results may have been in the log for a while when they are read. */
    private Instant appended() {
        return chance(70) ? world.now() : world.now().minusSeconds(random.nextInt(10));
    }

    /** The clock moves; timers that have become due fire, or do not yet. */
    private void letTimePass() {
        world.now(world.now().plusMillis(random.nextInt(6000)));
        for (var execution : List.copyOf(executions.values())) {
            for (var timer : Map.copyOf(execution.timers()).entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .toList()) {
                if (!timer.getValue().isAfter(world.now())
                        && timer.getValue().equals(execution.timers().get(timer.getKey()))
                        && chance(70)) {
                    send(execution, execution.fire(timer.getKey()));
                }
            }
        }
    }

    private Optional<String> requestId() {
        return Mischief.requestId(random);
    }

    // --- the end ---

    /** Delivers, answers and lets time pass until every execution has ended. */
    private void finish() {
        pauseStateMachine(false);
        for (int i = 0; !isOver(); i++) {
            assertThat(i).as("an execution that has all it needs ends").isLessThan(20_000);
            var choices = new ArrayList<Runnable>();
            if (!world.letters().isEmpty()) {
                choices.add(this::deliverAny);
            }
            for (var execution : executions.values()) {
                execution
                        .continuing()
                        .ifPresent(ticket -> choices.add(() -> send(execution, new Command.Continue(ticket))));
                execution
                        .awaitingResume()
                        .ifPresent(ticket -> choices.add(() -> send(execution, new Command.Continue(ticket))));
                if (execution.awaitsTurn()) {
                    choices.add(() -> send(
                            execution, new Command.Continue(execution.turn().orElseThrow())));
                }
                execution.held().stream()
                        .findFirst()
                        .ifPresent(ticket -> choices.add(() -> execution.sendHeld(ticket)));
                if (execution.outcome().isEmpty() && execution.isPaused()) {
                    choices.add(() -> send(execution, new Command.Resume()));
                }
                anyOpen(execution)
                        .ifPresent(task -> choices.add(() -> send(
                                execution,
                                new Command.CompleteTask(task.ticket(), World.BINDING, output(task), world.now()))));
            }
            if (choices.isEmpty()) {
                choices.add(this::fireNext);
            }
            anyOf(choices).run();
        }
    }

    private boolean isOver() {
        return world.letters().isEmpty()
                && executions.values().stream()
                        .allMatch(execution -> execution.outcome().isPresent());
    }

    private record Due(SimulatedExecution execution, long ticket, Instant due) {}

    private void fireNext() {
        var next = executions.values().stream()
                .flatMap(execution -> execution.timers().entrySet().stream()
                        .map(timer -> new Due(execution, timer.getKey(), timer.getValue())))
                .min(Comparator.comparing(Due::due).thenComparing(Due::ticket));
        assertThat(next)
                .as(
                        "executions that go on wait for something: %s",
                        executions.values().stream()
                                .map(execution -> execution.run().rows)
                                .toList())
                .isPresent();
        var due = next.get();
        world.now(world.now().isBefore(due.due()) ? due.due() : world.now());
        send(due.execution(), due.execution().fire(due.ticket()));
    }

    private void deliverAll() {
        while (!world.letters().isEmpty()) {
            deliverAny();
        }
    }

    /** Any letter that is the first on its way from one execution to another. */
    private void deliverAny() {
        if (world.letters().isEmpty()) {
            return;
        }
        var any = anyOf(world.letters());
        world.letters().stream()
                .filter(letter ->
                        letter.from().equals(any.from()) && letter.to().equals(any.to()))
                .findFirst()
                .ifPresent(world::deliver);
    }

    private Optional<SimulatedExecution.Open> anyOpen(SimulatedExecution execution) {
        var open = execution.open();
        return open.isEmpty() ? Optional.empty() : Optional.of(anyOf(open.values()));
    }

    private <T> T anyOf(Collection<T> choices) {
        return choices.stream().skip(random.nextInt(choices.size())).findFirst().orElseThrow();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void send(SimulatedExecution execution, Command command) {
        send(execution, command, Optional.empty());
    }

    private void send(SimulatedExecution execution, Command command, Optional<String> requestId) {
        world.send(execution.run().arn(), command, requestId);
    }
}
