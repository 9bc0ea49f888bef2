package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A path that names exactly one place ({@code $.a.b[0]}), where a value can be put: a ResultPath. */
public final class ReferencePath {

    private static final Pattern STEP = Pattern.compile(
            "\\.(?<name>[^.\\[\\]()'\"@,:?* ]+)|\\['(?<quoted>[^']+)']|\\[\"(?<double>[^\"]+)\"]|\\[(?<index>\\d{1,9})]");

    private final String text;
    private final List<Step> steps;

    private ReferencePath(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /** One step down. */
    private sealed interface Step {
        record Field(String name) implements Step {}

        record Item(int index) implements Step {}
    }

    public static ReferencePath compile(String text) throws InvalidExpression {
        if (text.length() > Path.MAX_LENGTH || !text.startsWith("$")) {
            throw new InvalidExpression(
                    "a reference path begins with $ and has at most " + Path.MAX_LENGTH + " characters");
        }
        var steps = new ArrayList<Step>();
        var matcher = STEP.matcher(text).region(1, text.length());
        while (matcher.lookingAt()) {
            steps.add(step(matcher));
            matcher.region(matcher.end(), text.length());
        }
        if (matcher.regionStart() != text.length()) {
            throw new InvalidExpression("a reference path consists of .name, ['name'] and [index] only");
        }
        return new ReferencePath(text, steps);
    }

    private static Step step(java.util.regex.Matcher matcher) {
        for (var group : List.of("name", "quoted", "double")) {
            var name = matcher.group(group);
            if (name != null) {
                return new Step.Field(name);
            }
        }
        return new Step.Item(Integer.parseInt(matcher.group("index")));
    }

    /** The input with a value put in this place, which is made where objects are missing; the input itself is not changed. */
    JsonNode put(JsonNode input, JsonNode value) throws StatesFailure {
        return put(input, 0, value);
    }

    private JsonNode put(JsonNode here, int depth, JsonNode value) throws StatesFailure {
        if (depth == steps.size()) {
            return value;
        }
        return switch (steps.get(depth)) {
            case Step.Field(var name)
            when here instanceof ObjectNode object -> {
                var below = object.has(name) ? object.get(name) : Json.NODES.objectNode();
                var copy = Json.copyOf(object);
                copy.set(name, put(below, depth + 1, value));
                yield copy;
            }
            case Step.Item(var index)
            when here instanceof ArrayNode array && index < array.size() -> {
                var copy = Json.copyOf(array);
                copy.set(index, put(array.get(index), depth + 1, value));
                yield copy;
            }
            case Step.Field(var name) -> throw mismatch(name, here);
            case Step.Item(var index) -> throw mismatch(String.valueOf(index), here);
        };
    }

    private StatesFailure mismatch(String step, JsonNode here) {
        return new StatesFailure(StatesError.of(
                "States.ResultPathMatchFailure",
                "Unable to apply step \"" + step + "\" of the ResultPath '" + text + "' to input " + here));
    }
}
