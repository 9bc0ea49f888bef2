package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.WorkflowType;
import java.util.ArrayList;
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

    /**
     * Where a state is: how deep, whether it may fail by itself, which variables it sees and which of them it may assign, and in which
     * type of execution.
     */
    record Place(int depth, Temper failing, List<String> visible, Optional<String> own, WorkflowType type) {
        Place inside(Temper allowed) {
            return new Place(depth + 1, allowed, visible, Optional.empty(), type);
        }

        Place inChild(Temper allowed, WorkflowType childType) {
            return new Place(depth + 1, allowed, List.of(), Optional.empty(), childType);
        }

        Place with(String variable) {
            var more = new ArrayList<>(visible);
            more.add(variable);
            return new Place(depth, failing, more, Optional.of(variable), type);
        }
    }

    private final RandomGenerator random;
    private final Temper temper;
    private final Company company;
    private final RandomFields fields;
    private int names;

    RandomMachine(RandomGenerator random, Temper temper, Company company) {
        this.random = random;
        this.temper = temper;
        this.company = company;
        fields = new RandomFields(random, temper);
    }

    ObjectNode make() {
        var machine = graph(new Place(0, Temper.ROUGH, List.of(), Optional.empty(), WorkflowType.STANDARD));
        if (chance(10)) {
            machine.put("TimeoutSeconds", 20 + random.nextInt(100));
        }
        return machine;
    }

    /** The machine that {@link #CHILD_ARN} names. */
    ObjectNode makeChild() {
        return graph(new Place(2, temper, List.of(), Optional.empty(), WorkflowType.STANDARD));
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
        return fields.plans();
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
            var state = states.putObject(first).put("Type", "Pass");
            RandomFields.assign(state, JsonNodeFactory.instance.objectNode().put(variable, "$.n"), fields.plan(first));
            RandomFields.leadOn(state, own);
        });
        if (place.own().isEmpty()) {
            graph.put("StartAt", own.getFirst());
        }
        for (int i = 0; i < count; i++) {
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
                fields.inEither(state, 30);
                state.put("Seconds", random.nextInt(4));
                RandomFields.leadOn(state, later);
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

    private void pass(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Pass");
        var jsonata = fields.inEither(state, 30);
        if (chance(50)) {
            var number = random.nextInt(3);
            fields.plan(name).put("set", "n").put("number", number);
            if (jsonata) {
                state.put("Output", RandomLanguage.merged("'n': " + number));
            } else {
                state.put("Result", number).put("ResultPath", "$.n");
            }
        } else {
            var from = fields.readable(place);
            fields.plan(name).put("set", name).put("from", from);
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
        fields.maybeAssign(state, fields.plan(name), place);
        RandomFields.leadOn(state, later);
    }

    private void choice(ObjectNode state, String name, List<String> later, Place place) {
        if (later.isEmpty()) {
            pass(state, name, later, place);
            return;
        }
        state.put("Type", "Choice");
        var jsonata = fields.inEither(state, 30);
        var rules = state.putArray("Choices");
        var plannedRules = fields.plan(name).putArray("rules");
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            var from = fields.readable(place);
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
            fields.assignIn(rule, jsonata, planned, place);
        }
        state.put("Default", later.getFirst());
    }

    private void task(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Task");
        var jsonata = fields.inEither(state, 30);
        switch (random.nextInt(place.type() == WorkflowType.EXPRESS ? 2 : 5)) {
            case 0 -> state.put("Resource", "arn:aws:lambda:us-east-1:000000000000:function:" + name);
            case 1 -> state.put("Resource", "arn:stepstream:kafka:::" + name);
            case 2 -> state.put("Resource", "arn:aws:states:us-east-1:000000000000:activity:" + name);
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
        fields.keepResult(state, name, jsonata);
        fields.times(state);
        fields.maybeAssign(state, fields.plan(name), place);
        fields.handlers(state, name, later, place);
        RandomFields.leadOn(state, later);
    }

    private void parallel(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Parallel");
        var jsonata = fields.inEither(state, 30);
        fields.keepResult(state, name, jsonata);
        var input = state.putObject(jsonata ? "Arguments" : "Parameters");
        RandomLanguage.passOn(input, jsonata);
        var branches = state.putArray("Branches");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            branches.add(graph(place.inside(temper)));
        }
        fields.handlers(state, name, later, place);
        RandomFields.leadOn(state, later);
    }

    private void map(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Map");
        var jsonata = fields.inEither(state, 30);
        var tolerant = fields.tolerance(state, name);
        fields.items(state, jsonata);
        RandomLanguage.selector(state, jsonata);
        fields.keepResult(state, name, jsonata);
        state.set("ItemProcessor", graph(place.inside(tolerant ? Temper.ROUGH : temper)));
        fields.handlers(state, name, later, place);
        RandomFields.leadOn(state, later);
    }

    private void distributedMap(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Map").put("Label", name);
        var jsonata = fields.inEither(state, 30);
        fields.tolerance(state, name);
        fields.plan(name).put("distributed", true);
        if (chance(40)) {
            fields.plan(name).put("read", true);
            var reader = state.putObject("ItemReader").put("Resource", "arn:aws:states:::s3:getObject");
            reader.putObject("ReaderConfig").put("InputType", "JSON");
            reader.putObject(jsonata ? "Arguments" : "Parameters")
                    .put("Bucket", "b")
                    .put("Key", "k");
        } else {
            fields.items(state, jsonata);
        }
        RandomLanguage.selector(state, jsonata);
        if (chance(40)) {
            fields.plan(name).put("written", true);
            state.putObject("ResultWriter")
                    .put("Resource", "arn:aws:states:::s3:putObject")
                    .putObject(jsonata ? "Arguments" : "Parameters")
                    .put("Bucket", "b");
        }
        fields.keepResult(state, name, jsonata);
        var type = chance(30) ? WorkflowType.EXPRESS : WorkflowType.STANDARD;
        var processor = graph(place.inChild(Temper.ROUGH, type));
        processor.putObject("ProcessorConfig").put("Mode", "DISTRIBUTED").put("ExecutionType", type.name());
        if (chance(30)) {
            batches(state, name, processor, jsonata);
        }
        state.set("ItemProcessor", processor);
        fields.handlers(state, name, later, place);
        RandomFields.leadOn(state, later);
    }

    /** Children are given batches, which their first state unwraps. */
    private void batches(ObjectNode state, String name, ObjectNode processor, boolean jsonata) {
        var most = 1 + random.nextInt(3);
        fields.plan(name).put("batch", most);
        var batcher = state.putObject("ItemBatcher").put("MaxItemsPerBatch", most);
        RandomLanguage.passOn(batcher.putObject("BatchInput"), jsonata);
        var first = "s" + names++;
        fields.plan(first).put("unwrap", true);
        var unwrap = ((ObjectNode) processor.get("States")).putObject(first).put("Type", "Pass");
        unwrap.putObject("Parameters")
                .put("n.$", "$.BatchInput.n")
                .put("items.$", "$.BatchInput.items")
                .put("batch.$", "$.Items");
        unwrap.put("Next", processor.get("StartAt").asText());
        processor.put("StartAt", first);
    }

    private void startExecution(ObjectNode state, String name, List<String> later, Place place) {
        state.put("Type", "Task");
        var pattern = random.nextInt(8);
        state.put(
                "Resource",
                "arn:aws:states:::states:startExecution"
                        + switch (pattern) {
                            case 0 -> "";
                            case 1, 2 -> ".waitForTaskToken";
                            default -> ".sync:2";
                        });
        var parameters = state.putObject("Parameters");
        var unknown = temper == Temper.ROUGH && chance(5);
        parameters.put("StateMachineArn", unknown ? CHILD_ARN + "-unknown" : CHILD_ARN);
        var input = parameters.putObject("Input");
        RandomLanguage.passOn(input, false);
        if (temper == Temper.ROUGH && chance(20)) {
            parameters.put("Name", "taken");
        }
        switch (pattern) {
            case 0 -> state.putObject("ResultSelector").put("did", name);
            case 1, 2 -> input.put("token.$", "$$.Task.Token").put("answeredAs", name);
            default -> {
                fields.plan(name).put("child", true);
                state.putObject("ResultSelector").put("did.$", "$.Output");
            }
        }
        state.put("ResultPath", "$." + name);
        // A child that only waits would be too late, in calm machines too.
        if (pattern > 0 && temper == Temper.ROUGH) {
            fields.times(state);
        }
        fields.handlers(state, name, later, place);
        RandomFields.leadOn(state, later);
    }

    private String anyOf(List<String> choices) {
        return fields.anyOf(choices);
    }

    private boolean chance(int percent) {
        return fields.chance(percent);
    }
}
