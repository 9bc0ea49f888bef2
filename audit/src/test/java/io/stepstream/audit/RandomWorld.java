package io.stepstream.audit;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.RandomMachines;
import io.stepstream.local.InMemorySchemaRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongConsumer;

/** Random machines, each with a few executions at once that everything may happen to, recorded. */
final class RandomWorld {
    private static final int MOST_ACTIONS = 400;
    private static final Duration NEAR = Duration.ofHours(1);

    private final Random random;
    private final Recorder recorder;
    private final MemoryLog log;

    private RandomWorld(Random random, int partitions) {
        this.random = random;
        this.log = new MemoryLog(new InMemorySchemaRegistry());
        var limits = switch (random.nextInt(3)) {
            case 0 -> new Limits(1, 512 * 1024, 1, 256 * 1024, 25_000, 16);
            case 1 -> new Limits(1 + random.nextInt(4), 300, 1 + random.nextInt(3), 256 * 1024, 25_000, 16);
            default -> Limits.DEFAULT;
        };
        this.recorder = new Recorder(partitions, log.registry, limits, log);
    }

    /** The log of a world of this seed. */
    static MemoryLog record(long seed, int partitions, int machines, int executions) {
        var world = new RandomWorld(new Random(seed), partitions);
        world.recorder.deploy("child", new RandomMachines(world.random).child(), Set.of());
        for (var i = 0; i < machines; i++) {
            world.play("machine-" + i, executions);
        }
        return world.log;
    }

    private void play(String name, int executions) {
        var machines = new RandomMachines(random);
        var machine = recorder.deploy(name, machines.definition(), Set.of());
        var started = new ArrayList<Recorder.Run>();
        for (var i = 0; i < executions; i++) {
            started.add(recorder.start(machine, "run-" + i, machines.input()));
        }
        for (var i = 0; i < MOST_ACTIONS && (isOpen(started) || !recorder.letters.isEmpty()); i++) {
            var runs = new LinkedHashSet<>(started);
            runs.addAll(recorder.family.values());
            act(anyOf(List.copyOf(runs)));
            deliverAny();
            if (!isOpen(started) && random.nextInt(4) == 0) {
                recorder.advanceTo(recorder.now().plusMillis(random.nextInt(5000)));
                anyOf(started).send(new Command.Redrive(), requestId());
            }
        }
    }

    private static boolean isOpen(List<Recorder.Run> runs) {
        return runs.stream().anyMatch(run -> !run.ended);
    }

    /** Any letter that is the first on its way from one execution to another; or none yet. */
    private void deliverAny() {
        if (!recorder.letters.isEmpty() && random.nextInt(3) > 0) {
            recorder.advanceTo(recorder.now().plusMillis(random.nextInt(30)));
            var any = anyOf(recorder.letters);
            recorder.letters.stream()
                    .filter(letter ->
                            letter.from().equals(any.from()) && letter.to().equals(any.to()))
                    .findFirst()
                    .ifPresent(recorder::deliver);
        }
    }

    private <T> T anyOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void act(Recorder.Run run) {
        recorder.advanceTo(recorder.now().plusMillis(random.nextInt(400)));
        switch (random.nextInt(12)) {
            case 0 -> {
                if (random.nextInt(30) == 0) {
                    run.send(new Command.Stop(Optional.of("Stopped"), Optional.empty()), requestId());
                }
                run.mapRuns.forEach((ticket, arn) -> {
                    if (random.nextInt(10) == 0) {
                        run.send(
                                new Command.UpdateMapRun(
                                        ticket, arn, Optional.of(2L), Optional.of(5L), Optional.empty()),
                                requestId());
                    }
                });
            }
            case 1 -> anyOpen(run, ticket -> run.send(heartbeat(run, ticket), requestId()));
            case 2 ->
                anyOpen(
                        run,
                        ticket -> run.send(
                                new Command.StartTask(
                                        ticket, binding(run, ticket), Optional.of("worker"), recorder.now()),
                                requestId()));
            case 3 ->
                anyOpen(
                        run,
                        ticket -> run.send(
                                new Command.FailTask(
                                        ticket,
                                        binding(run, ticket),
                                        Optional.of(random.nextBoolean() ? "Boom" : "States.Timeout"),
                                        Optional.of("cause"),
                                        recorder.now()),
                                requestId()));
            case 4, 5 -> timers(run);
            case 6, 7, 8 ->
                run.continuing.ifPresent(ticket -> run.send(new Command.Continue(ticket), Optional.empty()));
            default ->
                anyOpen(run, ticket -> {
                    var task = run.open.get(ticket);
                    if (task != null) {
                        run.complete(ticket, RandomMachines.answer(task));
                    }
                });
        }
    }

    /** Time passes until the next timer is due, sometimes far beyond it; but not until a timeout that nothing is to come near to. */
    private void timers(Recorder.Run run) {
        run.timers.entrySet().stream()
                .filter(timer -> timer.getValue().isBefore(recorder.now().plus(NEAR)))
                .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .ifPresent(next -> {
                    recorder.advanceTo(next.getValue().plusMillis(random.nextInt(3) * 700L));
                    run.timers.remove(next.getKey());
                    run.send(new Command.FireTimer(next.getKey(), next.getValue()), Optional.empty());
                });
    }

    private Command heartbeat(Recorder.Run run, long ticket) {
        return new Command.Heartbeat(ticket, binding(run, ticket), recorder.now());
    }

    private static String binding(Recorder.Run run, long ticket) {
        return run.bindings.getOrDefault(ticket, "");
    }

    private void anyOpen(Recorder.Run run, LongConsumer use) {
        List<Long> tickets = List.copyOf(run.open.keySet());
        if (!tickets.isEmpty()) {
            use.accept(tickets.get(random.nextInt(tickets.size())));
        }
    }

    private Optional<String> requestId() {
        return random.nextInt(100) < 30 ? Optional.of("request-" + random.nextInt(200)) : Optional.empty();
    }
}
