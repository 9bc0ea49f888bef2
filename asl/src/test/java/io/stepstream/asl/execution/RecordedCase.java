package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionIdentity.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** A case recorded against AWS, played on the interpreter: workers behave as recorded, time passes at once. */
final class RecordedCase {
    private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";

    private final JsonNode recorded;
    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::carryOut);
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
    private long order;

    private record Due(Instant at, long order, String execution, Command command) {}

    RecordedCase(JsonNode recorded) {
        this.recorded = recorded;
    }

    /** Plays the case; tells what differs from the recording. */
    Optional<String> play() {
        for (var other : recorded.path("otherStateMachines").properties()) {
            if (parse(other.getValue()) instanceof Parsed.Valid(var machine, var _)) {
                world.deploy(other.getKey(), machine);
            }
        }
        return switch (parse(recorded)) {
            case Parsed.Invalid(var findings) -> Optional.of("refused: " + findings.getFirst());
            case Parsed.Valid(var machine, var _) -> {
                run(machine);
                yield compare();
            }
        };
    }

    private static Parsed parse(JsonNode described) {
        var type = WorkflowType.valueOf(described.path("type").asText("STANDARD"));
        return StateMachine.parse(described.get("definition").toString(), type);
    }

    private void run(StateMachine machine) {
        var identity = identity();
        var run = world.start(identity, machine, Document.of(recorded.get("input")));
        for (int steps = 1; run.outcome.isEmpty() && steps < 10_000; steps++) {
            if (!world.letters().isEmpty()) {
                world.deliver(world.letters().getFirst());
            } else if (!agenda.isEmpty()) {
                var due = agenda.poll();
                world.now(due.at());
                world.send(due.execution(), due.command());
            } else {
                return;
            }
        }
    }

    private ExecutionIdentity identity() {
        var role = "arn:aws:iam::111111111111:role/recorded";
        for (var pair : recorded.path("normalise").path("regex")) {
            if (pair.get(0).asText().matches("arn:aws:iam::\\d+:role/[\\w+=,.@-]+")
                    && !pair.get(1).asText().equals("<trusted_role_arn>")) {
                role = pair.get(0).asText();
                break;
            }
        }
        var kind = kind();
        var arn = kind == Kind.STANDARD ? "execution:machine:run" : "express:machine:run:1";
        return new ExecutionIdentity(
                ACCOUNT + arn, "run", ACCOUNT + "stateMachine:machine", "machine", role, "1", kind);
    }

    private Kind kind() {
        if (!recorded.path("type").asText().equals("EXPRESS")) {
            return Kind.STANDARD;
        }
        return recorded.path("start").asText().equals("sync") ? Kind.EXPRESS_SYNC : Kind.EXPRESS;
    }

    private void later(long seconds, String execution, Command command) {
        agenda.add(new Due(world.now().plusSeconds(seconds), order++, execution, command));
    }

    private void carryOut(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task -> RecordedWorld.of(recorded, by.arn(), task, world.now(), this::later);
            case Effect.StartTimer(var ticket, var due, var _) ->
                agenda.add(new Due(due, order++, by.arn(), new Command.FireTimer(ticket, due)));
            case Effect.Continue(var ticket) -> later(0, by.arn(), new Command.Continue(ticket));
            case Effect.RecordHistory _,
                    Effect.Close _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.CancelTimer _,
                    Effect.EndTask _,
                    Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _,
                    Effect.Answer _ -> {}
        }
    }

    private Optional<String> compare() {
        var expected = recorded.get("expected");
        var comparison = new RecordedComparison(recorded.path("normalise"));
        var run = world.runs().values().iterator().next();
        var outcome = run.outcome;
        if (outcome.isEmpty()) {
            return Optional.of("never ended");
        }
        var status = outcome.get().status().name();
        if (!status.equals(expected.get("status").asText())) {
            return Optional.of("status: expected " + expected.get("status") + " got " + status + " " + outcome.get());
        }
        var result = switch (outcome.get()) {
            case Outcome.Succeeded(var output) ->
                comparison.difference(expected.path("output"), output.tree(), "output", true);
            case Outcome.Failed(var error, var cause) -> failure(comparison, expected, error, cause);
            case Outcome.Aborted(var error, var cause) -> failure(comparison, expected, error, cause);
            case Outcome.TimedOut() -> Optional.<String>empty();
        };
        return result.or(() -> compareHistory(comparison, run.history, expected.path("history")));
    }

    private static Optional<String> failure(
            RecordedComparison comparison, JsonNode expected, Optional<String> error, Optional<String> cause) {
        return comparison
                .difference(expected.path("error"), text(error), "error", false)
                .or(() -> comparison.difference(expected.path("cause"), text(cause), "cause", false));
    }

    private static JsonNode text(Optional<String> text) {
        return text.<JsonNode>map(TextNode::valueOf).orElse(JsonNodeFactory.instance.nullNode());
    }

    private Optional<String> compareHistory(
            RecordedComparison comparison, List<HistoryEvent> history, JsonNode expected) {
        if (!expected.isArray()) {
            return Optional.empty();
        }
        var expectedTypes = new ArrayList<String>();
        expected.forEach(event -> expectedTypes.add(event.get("type").asText()));
        var types = new ArrayList<>(
                history.stream().map(event -> event.type().wireName()).toList());
        if (!recorded.get("historyOrder").asText().equals("strict")) {
            expectedTypes.sort(null);
            types.sort(null);
            if (recorded.get("historyOrder").asText().equals("ids-zeroed")) {
                // The recorder lost events of these histories: what it kept must be there.
                expectedTypes.removeIf(types::remove);
                types.clear();
            }
            return expectedTypes.equals(types)
                    ? Optional.empty()
                    : Optional.of("history types: expected " + expectedTypes + " got " + types);
        }
        for (int i = 0; i < Math.max(expected.size(), history.size()); i++) {
            if (i >= expected.size() || i >= history.size()) {
                return Optional.of("history: expected " + expectedTypes + " got " + types);
            }
            var difference = comparison.difference(
                    shaped(expected.get(i)), HistoryShape.of(history.get(i)), "history[" + i + "]", false);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    /** A recorded event as {@link HistoryShape} writes it: without a time, and without details that are empty. */
    private static ObjectNode shaped(JsonNode event) {
        ObjectNode shaped = event.deepCopy();
        shaped.remove("timestamp");
        if (shaped.path("details").isEmpty()) {
            shaped.remove("details");
            shaped.remove("detailsKey");
        }
        return shaped;
    }
}
