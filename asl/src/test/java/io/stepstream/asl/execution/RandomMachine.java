package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes random definitions that always come to an end: states lead to later ones only. Every state keeps its input an object and adds
 * one field to it, so that the order of states can be read off the output.
 */
final class RandomMachine {
    static final List<String> ERRORS = List.of("E1", "E2");

    private final RandomGenerator random;
    private final int deepestFail;
    private int names;

    /** @param deepestFail how deep Fail states may be: 0 keeps them out of branches, where it matters which branch comes first */
    RandomMachine(RandomGenerator random, int deepestFail) {
        this.random = random;
        this.deepestFail = deepestFail;
    }

    ObjectNode make() {
        var machine = graph(0);
        if (chance(10)) {
            machine.put("TimeoutSeconds", 20 + random.nextInt(100));
        }
        return machine;
    }

    private ObjectNode graph(int depth) {
        var count = 1 + random.nextInt(depth == 0 ? 5 : 3);
        var own = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            own.add("s" + names++);
        }
        var graph = JsonNodeFactory.instance.objectNode();
        graph.put("StartAt", own.getFirst());
        var states = graph.putObject("States");
        for (int i = 0; i < count; i++) {
            state(states.putObject(own.get(i)), own.get(i), own.subList(i + 1, count), depth);
        }
        return graph;
    }

    private void state(ObjectNode state, String name, List<String> later, int depth) {
        switch (random.nextInt(depth < 2 ? 14 : 11)) {
            case 0, 1 -> pass(state, name, later);
            case 2, 3, 4, 5 -> task(state, name, later);
            case 6 -> {
                state.put("Type", "Wait").put("Seconds", random.nextInt(4));
                leadOn(state, later);
            }
            case 7, 8 -> choice(state, name, later);
            case 9 -> {
                if (later.isEmpty()) {
                    state.put("Type", "Succeed");
                } else {
                    pass(state, name, later);
                }
            }
            case 10 -> {
                if (later.isEmpty() && depth <= deepestFail && chance(50)) {
                    state.put("Type", "Fail").put("Error", anyOf(ERRORS)).put("Cause", name);
                } else {
                    pass(state, name, later);
                }
            }
            default -> parallel(state, name, later, depth);
        }
    }

    private void pass(ObjectNode state, String name, List<String> later) {
        state.put("Type", "Pass");
        if (chance(50)) {
            state.put("Result", random.nextInt(3)).put("ResultPath", "$.n");
        } else {
            state.putObject("Parameters").put("n.$", "$.n").put("from", name);
            state.put("ResultPath", "$." + name);
        }
        leadOn(state, later);
    }

    private void choice(ObjectNode state, String name, List<String> later) {
        if (later.isEmpty()) {
            pass(state, name, later);
            return;
        }
        state.put("Type", "Choice");
        var rules = state.putArray("Choices");
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            rules.addObject().put("Variable", "$.n").put("NumericEquals", i).put("Next", anyOf(later));
        }
        state.put("Default", later.getFirst());
    }

    private void task(ObjectNode state, String name, List<String> later) {
        state.put("Type", "Task");
        switch (random.nextInt(5)) {
            case 0 -> state.put("Resource", "arn:aws:lambda:us-east-1:000000000000:function:" + name);
            case 1 -> state.put("Resource", "arn:aws:states:us-east-1:000000000000:activity:" + name);
            case 2 -> state.put("Resource", "arn:stepstream:kafka:::" + name);
            case 3 -> state.put("Resource", "arn:stepstream:kafka:::" + name + ".waitForTaskToken");
            default -> {
                state.put("Resource", "arn:aws:states:::lambda:invoke.waitForTaskToken");
                state.putObject("Parameters")
                        .put("FunctionName", name)
                        .putObject("Payload")
                        .put("n.$", "$.n")
                        .put("token.$", "$$.Task.Token");
            }
        }
        state.put("ResultPath", "$." + name);
        if (chance(30)) {
            state.put("TimeoutSeconds", 10 + random.nextInt(20));
        }
        if (chance(30)) {
            state.put("HeartbeatSeconds", 3 + random.nextInt(6));
        }
        handlers(state, later);
        leadOn(state, later);
    }

    private void parallel(ObjectNode state, String name, List<String> later, int depth) {
        state.put("Type", "Parallel").put("ResultPath", "$." + name);
        state.putObject("Parameters").put("n.$", "$.n");
        var branches = state.putArray("Branches");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            branches.add(graph(depth + 1));
        }
        handlers(state, later);
        leadOn(state, later);
    }

    private void handlers(ObjectNode state, List<String> later) {
        if (chance(30)) {
            var retrier = state.putArray("Retry").addObject();
            errors(retrier.putArray("ErrorEquals"));
            retrier.put("IntervalSeconds", 1 + random.nextInt(3)).put("MaxAttempts", random.nextInt(3));
            if (chance(50)) {
                retrier.put("JitterStrategy", "FULL").put("MaxDelaySeconds", 4);
            }
        }
        if (chance(40) && !later.isEmpty()) {
            var catcher = state.putArray("Catch").addObject();
            errors(catcher.putArray("ErrorEquals"));
            catcher.put("ResultPath", "$.caught").put("Next", anyOf(later));
        }
    }

    private void errors(ArrayNode names) {
        switch (random.nextInt(4)) {
            case 0 -> names.add("States.ALL");
            case 1 -> names.add("States.Timeout").add("E1");
            case 2 -> names.add("E2");
            default -> names.add("States.HeartbeatTimeout").add("E1");
        }
    }

    private void leadOn(ObjectNode state, List<String> later) {
        if (later.isEmpty()) {
            state.put("End", true);
        } else {
            state.put("Next", later.getFirst());
        }
    }

    private String anyOf(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
