package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a machine of {@link RandomMachine} gives if every task succeeds with {@link #answer}: computed by plain recursion over the JSON
 * of the definition, sharing nothing with the interpreter.
 */
final class Oracle {
    private Oracle() {}

    /** A Fail state was reached, and nothing caught it so far. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
        private final String error;

        Failed(String error, String cause) {
            super(cause);
            this.error = error;
        }

        String error() {
            return error;
        }

        String cause() {
            return String.valueOf(getMessage());
        }
    }

    /** What every worker answers under this task name. */
    static JsonNode answer(String taskName) {
        return JsonNodeFactory.instance.objectNode().put("did", taskName);
    }

    static ObjectNode run(JsonNode graph, ObjectNode input) throws Failed {
        var data = input;
        var name = graph.get("StartAt").asText();
        while (true) {
            var state = graph.get("States").get(name);
            var next = state.path("Next").asText();
            switch (state.get("Type").asText()) {
                case "Pass" -> data = pass(state, data);
                case "Task" -> data = with(data, name, answer(name));
                case "Choice" -> next = choose(state, data);
                case "Fail" ->
                    throw new Failed(
                            state.get("Error").asText(), state.get("Cause").asText());
                case "Succeed" -> {
                    return data;
                }
                case "Parallel" -> {
                    try {
                        data = with(data, name, branches(state, data));
                    } catch (Failed failed) {
                        var handler = handler(state, failed);
                        data = with(
                                data,
                                "caught",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("Error", failed.error())
                                        .put("Cause", failed.cause()));
                        next = handler;
                        name = next;
                        continue;
                    }
                }
                default -> {}
            }
            if (state.path("End").asBoolean()) {
                return data;
            }
            name = next;
        }
    }

    private static String handler(JsonNode state, Failed failed) throws Failed {
        for (var catcher : state.path("Catch")) {
            for (var error : catcher.get("ErrorEquals")) {
                if (error.asText().equals(failed.error()) || error.asText().equals("States.ALL")) {
                    return catcher.get("Next").asText();
                }
            }
        }
        throw failed;
    }

    private static JsonNode branches(JsonNode state, ObjectNode data) throws Failed {
        var results = JsonNodeFactory.instance.arrayNode();
        var input = JsonNodeFactory.instance.objectNode();
        input.set("n", data.get("n"));
        for (var branch : state.get("Branches")) {
            results.add(run(branch, input));
        }
        return results;
    }

    private static ObjectNode pass(JsonNode state, ObjectNode data) {
        if (state.has("Result")) {
            return with(data, "n", IntNode.valueOf(state.get("Result").asInt()));
        }
        var from = state.get("Parameters").get("from").asText();
        var value = JsonNodeFactory.instance.objectNode();
        value.set("n", data.get("n"));
        value.put("from", from);
        return with(data, from, value);
    }

    private static String choose(JsonNode state, ObjectNode data) {
        for (var rule : state.get("Choices")) {
            if (rule.get("NumericEquals").asInt() == data.get("n").asInt()) {
                return rule.get("Next").asText();
            }
        }
        return state.get("Default").asText();
    }

    private static ObjectNode with(ObjectNode data, String field, JsonNode value) {
        var changed = data.deepCopy();
        changed.set(field, value);
        return changed;
    }
}
