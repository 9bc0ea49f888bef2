package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the paths of one evaluation look at: {@code $} is a tree, the rest is the context's. */
record Scope(JsonNode root, EvaluationContext context) {

    Scope at(JsonNode otherRoot) {
        return new Scope(otherRoot, context);
    }

    /** The context object with the execution's input in its place. */
    JsonNode contextObjectWithInput() {
        var whole = context.contextObject().tree();
        if (!(whole instanceof ObjectNode object)
                || !(object.get("Execution") instanceof ObjectNode execution)
                || !execution.has("Input")) {
            return whole;
        }
        var withInput = Json.copyOf(execution);
        withInput.set("Input", context.executionInput().tree());
        var copy = Json.copyOf(object);
        copy.set("Execution", withInput);
        return copy;
    }
}
