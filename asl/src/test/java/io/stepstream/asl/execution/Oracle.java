package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.BuiltInTasks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine of {@link RandomMachine} gives if every task succeeds with {@link #answer}: computed by plain recursion over the
 * machine's graph and the plans of its states, sharing nothing with the interpreter.
 */
final class Oracle {
    private final Map<String, ObjectNode> plans;
    private final JsonNode child;

    Oracle(Map<String, ObjectNode> plans, JsonNode child) {
        this.plans = plans;
        this.child = child;
    }

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

        ObjectNode output() {
            return JsonNodeFactory.instance.objectNode().put("Error", error).put("Cause", cause());
        }
    }

    /** The variables of a graph, inside those of the graph around it. */
    private record Variables(Map<String, JsonNode> own, Optional<Variables> around) {
        static Variables in(Optional<Variables> around) {
            return new Variables(new HashMap<>(), around);
        }

        JsonNode value(String name) {
            return own.containsKey(name)
                    ? own.getOrDefault(name, MissingNode.getInstance())
                    : around.orElseThrow().value(name);
        }

        JsonNode value(String from, ObjectNode data) {
            return from.equals("$.n") ? data.get("n") : value(from);
        }

        void assign(JsonNode planned, ObjectNode data) {
            planned.path("assign")
                    .properties()
                    .forEach(variable -> own.put(
                            variable.getKey(), variable.getValue().isNumber() ? variable.getValue() : data.get("n")));
        }
    }

    /** What every worker answers under this task name; the item reader, page by page. */
    static JsonNode answer(String taskName) {
        return JsonNodeFactory.instance.objectNode().put("did", taskName);
    }

    /** A page of at most two items for the reader's request. */
    static JsonNode page(JsonNode request) {
        var from = request.path("cursor").path("next").asInt(0);
        var until = Math.min(RandomMachine.READ.size(), from + 2);
        var page = JsonNodeFactory.instance.objectNode();
        var items = page.putArray("items");
        RandomMachine.READ.subList(from, until).forEach(items::add);
        if (until < RandomMachine.READ.size()) {
            page.putObject("cursor").put("next", until);
        } else {
            page.putNull("cursor");
        }
        return page;
    }

    JsonNode run(JsonNode graph, ObjectNode input) throws Failed {
        return run(graph, input, Variables.in(Optional.empty()));
    }

    private ObjectNode run(JsonNode graph, ObjectNode input, Variables variables) throws Failed {
        var data = input;
        var name = graph.get("StartAt").asText();
        while (true) {
            var state = graph.get("States").get(name);
            var plan = plans.getOrDefault(name, JsonNodeFactory.instance.objectNode());
            var next = state.path("Next").asText();
            var before = data;
            var ends = state.path("End").asBoolean();
            try {
                switch (state.get("Type").asText()) {
                    case "Pass" -> data = pass(plan, name, data, variables);
                    case "Task" -> data = with(data, name, task(plan, name, data));
                    case "Choice" -> next = choose(state, plan, data, variables);
                    case "Fail" ->
                        throw new Failed(
                                state.get("Error").asText(), state.get("Cause").asText());
                    case "Succeed" -> {
                        return data;
                    }
                    case "Parallel" -> data = with(data, name, branches(state, data, variables));
                    case "Map" -> data = with(data, name, map(state, plan, data, variables));
                    default -> {}
                }
                variables.assign(plan, before);
            } catch (Failed failed) {
                next = handler(state, failed);
                data = with(before, "caught", failed.output());
                variables.assign(plan.path("caught"), before);
                ends = false;
            }
            if (ends) {
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

    private JsonNode task(ObjectNode plan, String name, ObjectNode data) throws Failed {
        if (!plan.has("child")) {
            return answer(name);
        }
        var input = JsonNodeFactory.instance.objectNode();
        input.set("n", data.get("n"));
        input.set("items", data.get("items"));
        return JsonNodeFactory.instance.objectNode().set("did", run(child, input));
    }

    private JsonNode branches(JsonNode state, ObjectNode data, Variables variables) throws Failed {
        var results = JsonNodeFactory.instance.arrayNode();
        var input = JsonNodeFactory.instance.objectNode();
        input.set("n", data.get("n"));
        input.set("items", data.get("items"));
        for (var branch : state.get("Branches")) {
            results.add(run(branch, input, Variables.in(Optional.of(variables))));
        }
        return results;
    }

    private JsonNode map(JsonNode state, ObjectNode plan, ObjectNode data, Variables variables) throws Failed {
        var distributed = plan.has("distributed");
        var results = JsonNodeFactory.instance.arrayNode();
        var failures = 0;
        var items = plan.has("read") ? numbers() : data.get("items");
        var inputs = inputs(items, plan.path("batch").asInt(0), data);
        for (var input : inputs) {
            try {
                results.add(run(
                        state.get("ItemProcessor"),
                        input,
                        Variables.in(distributed ? Optional.empty() : Optional.of(variables))));
            } catch (Failed failed) {
                failures++;
                if (!distributed) {
                    results.add(failed.output());
                }
            }
        }
        if (failures > plan.path("count").asInt(plan.has("percentage") ? inputs.size() : 0)
                || plan.has("percentage")
                        && failures * 100 > plan.get("percentage").asInt() * inputs.size()) {
            throw new Failed(
                    "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded");
        }
        return plan.has("written") ? answer(BuiltInTasks.RESULT_WRITER) : results;
    }

    /** What each iteration gets: an item, or so many of them and what every batch has. */
    private static List<ObjectNode> inputs(JsonNode items, int batch, ObjectNode data) {
        var inputs = new ArrayList<ObjectNode>();
        for (int i = 0; i < items.size(); i++) {
            var input = JsonNodeFactory.instance.objectNode();
            input.set("n", items.get(i));
            input.set("items", data.get("items"));
            input.put("i", i);
            if (batch == 0) {
                inputs.add(input);
                continue;
            }
            if (i % batch == 0) {
                var wrapped = JsonNodeFactory.instance.objectNode();
                wrapped.putObject("BatchInput").set("n", data.get("n"));
                ((ObjectNode) wrapped.get("BatchInput")).set("items", data.get("items"));
                wrapped.putArray("Items");
                inputs.add(wrapped);
            }
            inputs.getLast().withArray("Items").add(input);
        }
        return inputs;
    }

    private static ArrayNode numbers() {
        var numbers = JsonNodeFactory.instance.arrayNode();
        RandomMachine.READ.forEach(numbers::add);
        return numbers;
    }

    private static ObjectNode pass(ObjectNode plan, String name, ObjectNode data, Variables variables) {
        if (plan.has("unwrap")) {
            var unwrapped = data.get("BatchInput").<ObjectNode>deepCopy();
            unwrapped.set("batch", data.get("Items"));
            return unwrapped;
        }
        if (plan.has("number")) {
            return with(data, "n", IntNode.valueOf(plan.get("number").asInt()));
        }
        if (!plan.has("from")) {
            return data;
        }
        var value = JsonNodeFactory.instance.objectNode();
        value.set("n", variables.value(plan.get("from").asText(), data));
        value.put("from", name);
        return with(data, name, value);
    }

    private static String choose(JsonNode state, ObjectNode plan, ObjectNode data, Variables variables) {
        for (var rule : plan.path("rules")) {
            if (rule.get("equals").asInt()
                    == variables.value(rule.get("from").asText(), data).asInt()) {
                variables.assign(rule, data);
                return rule.get("next").asText();
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
