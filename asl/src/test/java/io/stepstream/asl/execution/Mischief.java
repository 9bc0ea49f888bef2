package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Commands that must not do harm: forged, stale, repeated, and of somebody else's. */
final class Mischief {
    private final RandomGenerator random;
    private final World world;
    private final ObjectNode input;

    /** @param input what the executions were started with */
    Mischief(RandomGenerator random, World world, ObjectNode input) {
        this.random = random;
        this.world = world;
        this.input = input;
    }

    /** The id of a request, of few, so that some come twice; three in ten have one. */
    static Optional<String> requestId(RandomGenerator random) {
        return random.nextInt(100) < 30 ? Optional.of("request-" + random.nextInt(200)) : Optional.empty();
    }

    /** Sends an execution any of them. */
    void to(SimulatedExecution execution) {
        var ticket = random.nextLong(30);
        var forged = "fedcba9876543210";
        switch (random.nextInt(16)) {
            case 0 ->
                send(execution, new Command.CompleteTask(ticket, forged, Document.of(input), world.now()), requestId());
            case 1 ->
                send(
                        execution,
                        new Command.FailTask(ticket, forged, Optional.empty(), Optional.empty(), world.now()),
                        requestId());
            case 2 -> send(execution, new Command.Heartbeat(ticket, forged, world.now()), requestId());
            case 3 ->
                send(execution, new Command.StartTask(ticket, forged, Optional.empty(), world.now()), requestId());
            case 4 -> send(execution, new Command.FireTimer(ticket, world.now().plusNanos(1)));
            case 5 -> send(execution, new Command.Continue(1_000_000));
            case 6 -> {
                if (execution.outcome().isEmpty()) {
                    send(execution, new Command.Start(execution.run().identity, Document.of(input)), requestId());
                }
            }
            case 7 ->
                send(
                        execution,
                        new Command.Start(execution.run().identity, Document.ofTrusted("\"other\"")),
                        requestId());
            case 8 -> send(execution, hearsay(ticket));
            case 9 -> send(execution, new Command.StartChild(execution.run().identity, Document.of(input), stranger()));
            case 10 -> send(execution, new Command.CancelChild(stranger().executionArn(), ticket + 1000));
            case 11 ->
                send(
                        execution,
                        new Command.UpdateMapRun(
                                ticket, "arn:of:no:run", Optional.of(1L), Optional.empty(), Optional.empty()),
                        requestId());
            case 12 -> send(execution, new Command.Redrive(), requestId());
            case 13 -> send(execution, new Command.Pause("somebody else"), requestId());
            case 14 -> send(execution, new Command.Resume(), requestId());
            default ->
                send(
                        execution,
                        execution.sent().get(random.nextInt(execution.sent().size())),
                        requestId());
        }
        if (execution.outcome().isPresent() && random.nextInt(100) < 20) {
            send(execution, new Command.Stop(Optional.empty(), Optional.empty()), requestId());
        }
    }

    /** A report of a child that nobody here has started. */
    private Command hearsay(long ticket) {
        return new Command.HearOfChild(
                ticket,
                "fedcba9876543210",
                OptionalInt.empty(),
                new ChildReport.Started("arn:of:somebody", world.now()),
                world.now());
    }

    /** Another execution, which would have liked to start this one. */
    private static Parent stranger() {
        return new Parent("arn:of:a:stranger", 7, World.BINDING, Parent.Interest.START, Optional.empty());
    }

    private Optional<String> requestId() {
        return requestId(random);
    }

    private void send(SimulatedExecution execution, Command command) {
        send(execution, command, Optional.empty());
    }

    private void send(SimulatedExecution execution, Command command, Optional<String> requestId) {
        world.send(execution.run().arn(), command, requestId);
    }
}
