package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The fields that states of a {@link RandomMachine} share, and the plans that go with the states. */
final class RandomFields {
    private final RandomGenerator random;
    private final RandomMachine.Temper temper;
    private final Map<String, ObjectNode> plans = new HashMap<>();

    RandomFields(RandomGenerator random, RandomMachine.Temper temper) {
        this.random = random;
        this.temper = temper;
    }

    /** What the state of each name is to do. */
    Map<String, ObjectNode> plans() {
        return plans;
    }

    ObjectNode plan(String name) {
        return plans.computeIfAbsent(name, _ -> JsonNodeFactory.instance.objectNode());
    }

    void times(ObjectNode state) {
        if (chance(30)) {
            state.put("TimeoutSeconds", 10 + random.nextInt(20));
        }
        if (chance(30)) {
            state.put("HeartbeatSeconds", 3 + random.nextInt(6));
        }
    }

    /** How many items may fail, and run at once; true if it says how many may fail. */
    boolean tolerance(ObjectNode state, String name) {
        if (chance(60)) {
            state.put("MaxConcurrency", random.nextInt(4));
        }
        var count = chance(30);
        if (count) {
            state.put("ToleratedFailureCount", random.nextInt(3));
            plan(name).put("count", state.get("ToleratedFailureCount").asInt());
        }
        var percentage = chance(20);
        if (percentage) {
            state.put("ToleratedFailurePercentage", 50 * random.nextInt(3));
            plan(name).put("percentage", state.get("ToleratedFailurePercentage").asInt());
        }
        return count || percentage;
    }

    /** The items; in rough machines sometimes no items at all, which fails the state before it has children. */
    void items(ObjectNode state, boolean jsonata) {
        var field = temper == RandomMachine.Temper.ROUGH && chance(8) ? "n" : "items";
        if (jsonata) {
            state.put("Items", "{% $states.input." + field + " %}");
        } else {
            state.put("ItemsPath", "$." + field);
        }
    }

    void keepResult(ObjectNode state, String name, boolean jsonata) {
        if (jsonata) {
            state.put("Output", RandomLanguage.merged("'" + name + "': $states.result"));
        } else {
            state.put("ResultPath", "$." + name);
        }
    }

    void handlers(ObjectNode state, String name, List<String> later, RandomMachine.Place place) {
        var jsonata = state.has("QueryLanguage");
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
            if (jsonata) {
                catcher.put("Output", RandomLanguage.merged("'caught': $states.errorOutput"));
            } else {
                catcher.put("ResultPath", "$.caught");
            }
            catcher.put("Next", anyOf(later));
            assignIn(catcher, jsonata, plan(name).putObject("caught"), place);
        }
    }

    void errors(ArrayNode errors) {
        switch (random.nextInt(4)) {
            case 0 -> errors.add("States.ALL");
            case 1 -> errors.add("States.Timeout").add("E1");
            case 2 -> errors.add("E2").add("States.ExceedToleratedFailureThreshold");
            default -> errors.add("States.HeartbeatTimeout").add("E1");
        }
    }

    /** Puts the state into JSONata in so many of a hundred cases. */
    boolean inEither(ObjectNode state, int percent) {
        var jsonata = chance(percent);
        if (jsonata) {
            state.put("QueryLanguage", "JSONata");
        }
        return jsonata;
    }

    /** Something that holds a number: the input's field or a variable. */
    String readable(RandomMachine.Place place) {
        return place.visible().isEmpty() || chance(60) ? "$.n" : anyOf(place.visible());
    }

    void maybeAssign(ObjectNode state, ObjectNode planned, RandomMachine.Place place) {
        assignIn(state, state.has("QueryLanguage"), planned, place);
    }

    void assignIn(ObjectNode holder, boolean jsonata, ObjectNode planned, RandomMachine.Place place) {
        place.own().filter(_ -> chance(30)).ifPresent(variable -> {
            var number = 10 + random.nextInt(3);
            planned.putObject("assign").put(variable, number);
            holder.putObject("Assign")
                    .put(
                            jsonata ? variable : variable + ".$",
                            jsonata ? "{% " + number + " %}" : "States.MathAdd(" + number + ", 0)");
        });
    }

    static void assign(ObjectNode state, ObjectNode variables, ObjectNode planned) {
        planned.set("assign", variables);
        var assign = state.putObject("Assign");
        variables.properties().forEach(variable -> assign.set(variable.getKey() + ".$", variable.getValue()));
    }

    static void leadOn(ObjectNode state, List<String> later) {
        if (later.isEmpty()) {
            state.put("End", true);
        } else {
            state.put("Next", later.getFirst());
        }
    }

    String anyOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
