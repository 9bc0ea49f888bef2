package io.stepstream.integrations.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Setting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which records start an execution, with what input, and by what key. It is a small state machine, a Choice and a Pass, played in memory:
 * so filters and templates are those of the language, with its errors and its limits.
 */
public final class Mapping {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StateMachine machine;

    private Mapping(StateMachine machine) {
        this.machine = machine;
    }

    /** What is to be done for a record. */
    sealed interface Mapped {

        /** @param key chosen by the trigger; empty for the record's position */
        record Start(JsonNode input, Optional<String> key) implements Mapped {}

        /** The filter leaves it out. */
        record Skip() implements Mapped {}

        record Impossible(String error, String cause) implements Mapped {}
    }

    /**
     * Reads {@code queryLanguage}, {@code filter}, {@code input} and {@code key} of a trigger.
     *
     * @throws IllegalArgumentException if they are no valid ASL
     */
    static Mapping of(String trigger, JsonNode given) {
        var language = given.path("queryLanguage").asText("JSONPath");
        ObjectNode definition = switch (language) {
            case "JSONPath" -> byJsonPath(given);
            case "JSONata" -> byJsonata(given);
            default ->
                throw new IllegalArgumentException(
                        "'queryLanguage' of trigger " + trigger + " must be JSONPath or JSONata, not " + language);
        };
        return switch (StateMachine.parse(definition.toString(), WorkflowType.STANDARD)) {
            case Parsed.Valid valid -> new Mapping(valid.machine());
            case Parsed.Invalid invalid ->
                throw new IllegalArgumentException("trigger " + trigger + " is not valid: " + invalid.findings());
        };
    }

    private static ObjectNode byJsonPath(JsonNode given) {
        var definition = JSON.createObjectNode();
        var states = definition.putObject("States");
        if (given.has("filter")) {
            if (!(given.get("filter") instanceof ObjectNode rule)) {
                throw new IllegalArgumentException(
                        "'filter' must be a Choice rule, such as {\"Variable\": \"$.value.total\", \"NumericGreaterThan\": 100}");
            }
            choice(states, rule.deepCopy());
        }
        var map = states.putObject("Map").put("Type", "Pass").put("End", true);
        var parameters = map.putObject("Parameters");
        var input = given.path("input");
        if (input.isMissingNode() || input.isTextual()) {
            parameters.put("input.$", input.asText("$.value"));
        } else {
            parameters.set("input", input);
        }
        if (given.has("key")) {
            parameters.put("key.$", given.get("key").asText());
        }
        if (given.has("filter")) {
            skip(states).putObject("Result");
        }
        return definition.put("StartAt", given.has("filter") ? "Filter" : "Map");
    }

    private static ObjectNode byJsonata(JsonNode given) {
        var definition = JSON.createObjectNode().put("QueryLanguage", "JSONata");
        var states = definition.putObject("States");
        if (given.has("filter")) {
            var rule = JSON.createObjectNode();
            rule.set("Condition", given.get("filter"));
            choice(states, rule);
        }
        var map = states.putObject("Map").put("Type", "Pass").put("End", true);
        var output = map.putObject("Output");
        if (given.has("input")) {
            output.set("input", given.get("input"));
        } else {
            output.put("input", "{% $states.input.value %}");
        }
        if (given.has("key")) {
            output.set("key", given.get("key"));
        }
        if (given.has("filter")) {
            skip(states).putObject("Output");
        }
        return definition.put("StartAt", given.has("filter") ? "Filter" : "Map");
    }

    private static void choice(ObjectNode states, ObjectNode rule) {
        states.putObject("Filter")
                .put("Type", "Choice")
                .put("Default", "Skip")
                .putArray("Choices")
                .add(rule.put("Next", "Map"));
    }

    private static ObjectNode skip(ObjectNode states) {
        return states.putObject("Skip").put("Type", "Pass").put("End", true);
    }

    /** @param now what the language's functions of time give */
    Mapped map(Document record, Instant now) {
        var setting = Setting.of("trigger", WorkflowType.STANDARD, now, now.toEpochMilli());
        var rehearsal = new Rehearsal(machine, setting, request -> List.of(), (execution, at, event) -> {});
        return switch (rehearsal.play(record)) {
            case Ending.Ended(Outcome.Succeeded(var output), var _) -> mapped(output.tree());
            case Ending.Ended(Outcome.Failed(var error, var cause), var _) ->
                new Mapped.Impossible(error.orElse("States.Runtime"), cause.orElse(""));
            case Ending other -> new Mapped.Impossible("States.Runtime", "the mapping did not end: " + other);
        };
    }

    private static Mapped mapped(JsonNode output) {
        if (!output.has("input")) {
            return output.isEmpty()
                    ? new Mapped.Skip()
                    : new Mapped.Impossible("States.QueryEvaluationError", "the mapping gives no input");
        }
        var key = output.path("key");
        if (key.isMissingNode()) {
            return new Mapped.Start(output.get("input"), Optional.empty());
        }
        if (!key.isTextual() && !key.isIntegralNumber() || key.asText().isEmpty()) {
            return new Mapped.Impossible(
                    "States.QueryEvaluationError", "the key must be a text or a whole number, not " + key);
        }
        return new Mapped.Start(output.get("input"), Optional.of(key.asText()));
    }
}
