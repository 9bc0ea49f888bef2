package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes random definitions that always come to an end: states lead to later ones only. Every state keeps its input an object and adds
 * one field to it, so that the order of states can be read off the output. About a third of the states are in JSONata.
 *
 * <p>With each state goes a plan: what it is to do, told in this class's own words, for an oracle that need not read the language.
 */
final class RandomMachine {
    static final List<String> ERRORS = List.of("E1", "E2");
    static final String CHILD_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:child";
    /** What the item reader finds. */
    static final List<Integer> READ = List.of(0, 1, 2, 0, 1);

    /** Whether Fail states, and what else may go wrong, may be where it matters which child comes first. */
    enum Temper {
        CALM,
        ROUGH
    }

    /** Whether states start executions of their own: distributed Maps and {@code states:startExecution}. */
    enum Company {
        ALONE,
        WITH_CHILDREN
    }

    /** Where a state is: how deep, whether it may fail by itself, which variables it sees and which of them it may assign. */
    private record Place(int depth, Temper failing, List<String> visible, Optional<String> own) {
        Place inside(Temper allowed) {
            return new Place(depth + 1, allowed, visible, Optional.empty());
        }

        Place inChild(Temper allowed) {
            return new Place(depth + 1, allowed, List.of(), Optional.empty());
        }

        Place with(String variable) {
            var more = new ArrayList<>(visible);
            more.add(variable);
            return new Place(depth, failing, more, Optional.of(variable));
        }
    }

    private final RandomGenerator random;
    private final Temper temper;
    private final Company company;
    private final Map<String, ObjectNode> plans = new HashMap<>();
    private int names;

    RandomMachine(RandomGenerator random, Temper temper, Company company) {
        this.random = random;
        this.temper = temper;
        this.company = company;
    }

    ObjectNode make() {
        var machine = graph(new Place(0, Temper.ROUGH, List.of(), Optional.empty()));
        if (chance(10)) {
            machine.put("TimeoutSeconds", 20 + random.nextInt(100));
        }
        return machine;
    }

    /** The machine that {@link #CHILD_ARN} names. */
    ObjectNode makeChild() {
        return graph(new Place(2, temper, List.of(), Optional.empty()));
    }

    /** What these machines start with. */
    ObjectNode input() {
        var input = JsonNodeFactory.instance.objectNode().put("n", random.nextInt(3));
        var items = input.putArray("items");
        for (int i = random.nextInt(chance(10) ? 12 : 4); i > 0; i--) {
            items.add(random.nextInt(3));
        }
        return input;
    }

    /** What the state of each name is to do. */
    Map<String, ObjectNode> plans() {
        return plans;
    }

    private ObjectNode graph(Place around) {
        var place = chance(40) ? around.with("v" + names++) : around;
        var count = 1 + random.nextInt(place.depth() == 0 ? 5 : 3);
        var own = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            own.add("s" + names++);
        }
        var graph = JsonNodeFactory.instance.objectNode();
        var states = graph.putObject("States");
        place.own().ifPresent(variable -> {
            var first = "s" + names++;
            graph.put("StartAt", first);
            plans.put(first, JsonNodeFactory.instance.objectNode());
            var state = states.putObject(first).put("Type", "Pass");
            assign(state, JsonNodeFactory.instance.objectNode().put(variable, "$.n"), plans.get(first));
            leadOn(state, own);
        });
        if (place.own().isEmpty()) {
            graph.put("StartAt", own.getFirst());
        }
        for (int i = 0; i < count; i++) {
            plans.put(own.get(i), JsonNodeFactory.instance.objectNode());
            state(states.putObject(own.get(i)), own.get(i), own.subList(i + 1, count), place);
        }
        return graph;
    }

    private void state(ObjectNode state, String name, List<String> later, Place place) {
        var kinds = place.depth() >= 2 ? 11 : place.depth() > 0 || company == Company.ALONE ? 17 : 23;
        switch (random.nextInt(kinds)) {
            case 0, 1 -> pass(state, name, later, place);
            case 2, 3, 4, 5 -> task(state, name, later, place);
            case 6 -> {
                state.put("Type", "Wait");
                inEither(state, 30);
                state.put("Seconds", random.nextInt(4));
                leadOn(state, later);
            }
            case 7, 8 -> choice(state, name, later, place);
            case 9 -> {
                if (later.isEmpty()) {
                    state.put("Type", "Succeed");
                } else {
                    pass(state, name, later, place);
                }
            }
            case 10 -> {
                if (later.isEmpty() && place.failing() == Temper.ROUGH && chance(80)) {
                    state.put("Type", "Fail").put("Error", anyOf(ERRORS)).put("Cause", name);
                } else {
                    pass(state, name, later, place);
                }
            }
            case 11, 12, 13 -> parallel(state, name, later, place);
            case 14, 15, 16 -> map(state, name, later, place);
            case 17, 18, 19 -> distributedMap(state, name, later, place);
            default -> startExecution(state, name, later, place);
        }
    }

    private ObjectNode plan(String name) {
        return plans.getOrDefault(name, JsonNodeFactory.instance.objectNode());
    }

    private void pass(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Pass");
        var jsonata = inEither(state, 30);
        if (chance(50)) {
            var number = random.nextInt(3);
            plan(name).put("set", "n").put("number", number);
            if (jsonata) {
                state.put("Output", RandomLanguage.merged("'n': " + number));
            } else {
                state.put("Result", number).put("ResultPath", "$.n");
            }
        } else {
            var from = readable(place);
            plan(name).put("set", name).put("from", from);
            if (jsonata) {
                state.put(
                        "Output",
                        RandomLanguage.merged("'" + name + "': {'n': " + RandomLanguage.inJsonata(from) + ", 'from': '"
                                + name + "'}"));
            } else {
                state.putObject("Parameters")
                        .put("n.$", RandomLanguage.inPath(from))
                        .put("from", name);
                state.put("ResultPath", "$." + name);
            }
        }
        maybeAssign(state, plan(name), place);
        leadOn(state, later);
    }

    private void choice(ObjectNode state, String name, List<String> later, Place place) {
        if (later.isEmpty()) {
            pass(state, name, later, place);
            return;
        }
        state.put("Type", "Choice");
        var jsonata = inEither(state, 30);
        var rules = state.putArray("Choices");
        var plannedRules = plan(name).putArray("rules");
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            var from = readable(place);
            var next = anyOf(later);
            var rule = rules.addObject();
            var planned =
                    plannedRules.addObject().put("from", from).put("equals", i).put("next", next);
            if (jsonata) {
                rule.put("Condition", "{% " + RandomLanguage.inJsonata(from) + " = " + i + " %}");
            } else {
                rule.put("Variable", RandomLanguage.inPath(from)).put("NumericEquals", i);
            }
            rule.put("Next", next);
            assignIn(rule, jsonata, planned, place);
        }
        state.put("Default", later.getFirst());
    }

    private void task(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Task");
        var jsonata = inEither(state, 30);
        switch (random.nextInt(5)) {
            case 0 -> state.put("Resource", "arn:aws:lambda:us-east-1:000000000000:function:" + name);
            case 1 -> state.put("Resource", "arn:aws:states:us-east-1:000000000000:activity:" + name);
            case 2 -> state.put("Resource", "arn:stepstream:kafka:::" + name);
            case 3 -> state.put("Resource", "arn:stepstream:kafka:::" + name + ".waitForTaskToken");
            default -> {
                state.put("Resource", "arn:aws:states:::lambda:invoke.waitForTaskToken");
                var payload = state.putObject(jsonata ? "Arguments" : "Parameters")
                        .put("FunctionName", name)
                        .putObject("Payload");
                if (jsonata) {
                    payload.put("n", "{% $states.input.n %}").put("token", "{% $states.context.Task.Token %}");
                } else {
                    payload.put("n.$", "$.n").put("token.$", "$$.Task.Token");
                }
            }
        }
        keepResult(state, name, jsonata);
        times(state);
        maybeAssign(state, plan(name), place);
        handlers(state, name, later, place);
        leadOn(state, later);
    }

    private void times(ObjectNode state) {
        if (chance(30)) {
            state.put("TimeoutSeconds", 10 + random.nextInt(20));
        }
        if (chance(30)) {
            state.put("HeartbeatSeconds", 3 + random.nextInt(6));
        }
    }

    private void parallel(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Parallel");
        var jsonata = inEither(state, 30);
        keepResult(state, name, jsonata);
        var input = state.putObject(jsonata ? "Arguments" : "Parameters");
        RandomLanguage.passOn(input, jsonata);
        var branches = state.putArray("Branches");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            branches.add(graph(place.inside(temper)));
        }
        handlers(state, name, later, place);
        leadOn(state, later);
    }

    private void map(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Map");
        var jsonata = inEither(state, 30);
        var tolerant = tolerance(state, name);
        items(state, jsonata);
        RandomLanguage.selector(state, jsonata);
        keepResult(state, name, jsonata);
        state.set("ItemProcessor", graph(place.inside(tolerant ? Temper.ROUGH : temper)));
        handlers(state, name, later, place);
        leadOn(state, later);
    }

    private void distributedMap(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Map").put("Label", name);
        var jsonata = inEither(state, 30);
        tolerance(state, name);
        plan(name).put("distributed", true);
        if (chance(40)) {
            plan(name).put("read", true);
            var reader = state.putObject("ItemReader").put("Resource", "arn:aws:states:::s3:getObject");
            reader.putObject("ReaderConfig").put("InputType", "JSON");
            reader.putObject(jsonata ? "Arguments" : "Parameters")
                    .put("Bucket", "b")
                    .put("Key", "k");
        } else {
            items(state, jsonata);
        }
        RandomLanguage.selector(state, jsonata);
        if (chance(40)) {
            plan(name).put("written", true);
            state.putObject("ResultWriter")
                    .put("Resource", "arn:aws:states:::s3:putObject")
                    .putObject(jsonata ? "Arguments" : "Parameters")
                    .put("Bucket", "b");
        }
        keepResult(state, name, jsonata);
        var processor = graph(place.inChild(Temper.ROUGH));
        processor.putObject("ProcessorConfig").put("Mode", "DISTRIBUTED").put("ExecutionType", "STANDARD");
        state.set("ItemProcessor", processor);
        handlers(state, name, later, place);
        leadOn(state, later);
    }

    /** How many items may fail, and run at once; true if it says how many may fail. */
    private boolean tolerance(ObjectNode state, String name) {
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
    private void items(ObjectNode state, boolean jsonata) {
        var field = temper == Temper.ROUGH && chance(8) ? "n" : "items";
        if (jsonata) {
            state.put("Items", "{% $states.input." + field + " %}");
        } else {
            state.put("ItemsPath", "$." + field);
        }
    }

    private void startExecution(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Task");
        var sync = chance(75);
        state.put("Resource", "arn:aws:states:::states:startExecution" + (sync ? ".sync:2" : ""));
        var parameters = state.putObject("Parameters");
        var unknown = temper == Temper.ROUGH && chance(5);
        parameters.put("StateMachineArn", unknown ? CHILD_ARN + "-unknown" : CHILD_ARN);
        RandomLanguage.passOn(parameters.putObject("Input"), false);
        if (temper == Temper.ROUGH && chance(20)) {
            parameters.put("Name", "taken");
        }
        if (sync) {
            plan(name).put("child", true);
            state.putObject("ResultSelector").put("did.$", "$.Output");
        } else {
            state.putObject("ResultSelector").put("did", name);
        }
        state.put("ResultPath", "$." + name);
        // A child that only waits would be too late, in calm machines too.
        if (sync && temper == Temper.ROUGH) {
            times(state);
        }
        handlers(state, name, later, place);
        leadOn(state, later);
    }

    private void keepResult(ObjectNode state, String name, boolean jsonata) {
        if (jsonata) {
            state.put("Output", RandomLanguage.merged("'" + name + "': $states.result"));
        } else {
            state.put("ResultPath", "$." + name);
        }
    }

    private void handlers(ObjectNode state, String name, List<String> later, Place place) {
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

    private void errors(ArrayNode errors) {
        switch (random.nextInt(4)) {
            case 0 -> errors.add("States.ALL");
            case 1 -> errors.add("States.Timeout").add("E1");
            case 2 -> errors.add("E2").add("States.ExceedToleratedFailureThreshold");
            default -> errors.add("States.HeartbeatTimeout").add("E1");
        }
    }

    // --- both query languages ---

    /** Puts the state into JSONata in so many of a hundred cases. */
    private boolean inEither(ObjectNode state, int percent) {
        var jsonata = chance(percent);
        if (jsonata) {
            state.put("QueryLanguage", "JSONata");
        }
        return jsonata;
    }

    /** Something that holds a number: the input's field or a variable. */
    private String readable(Place place) {
        return place.visible().isEmpty() || chance(60) ? "$.n" : anyOf(place.visible());
    }

    private void maybeAssign(ObjectNode state, ObjectNode planned, Place place) {
        assignIn(state, state.has("QueryLanguage"), planned, place);
    }

    private void assignIn(ObjectNode holder, boolean jsonata, ObjectNode planned, Place place) {
        place.own().filter(_ -> chance(30)).ifPresent(variable -> {
            var number = 10 + random.nextInt(3);
            planned.putObject("assign").put(variable, number);
            holder.putObject("Assign")
                    .put(
                            jsonata ? variable : variable + ".$",
                            jsonata ? "{% " + number + " %}" : "States.MathAdd(" + number + ", 0)");
        });
    }

    private static void assign(ObjectNode state, ObjectNode variables, ObjectNode planned) {
        planned.set("assign", variables);
        var assign = state.putObject("Assign");
        variables.properties().forEach(variable -> assign.set(variable.getKey() + ".$", variable.getValue()));
    }

    private static void leadOn(ObjectNode state, List<String> later) {
        if (later.isEmpty()) {
            state.put("End", true);
        } else {
            state.put("Next", later.getFirst());
        }
    }

    private String anyOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
