package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/** Reads StartAt and States: of the whole machine, of branches and of items' processors. */
final class GraphReader {

    /** How deep branches may lie in branches. */
    static final int MAX_NESTING = 16;

    /** Longest name of a state; AWS's limit. */
    static final int MAX_NAME = 80;

    private static final Set<String> BRANCH_FIELDS = Set.of("StartAt", "States", "Comment", "QueryLanguage");
    private static final Set<String> PROCESSOR_FIELDS =
            Set.of("StartAt", "States", "Comment", "QueryLanguage", MapFields.PROCESSOR_CONFIG.object());

    private final Findings findings;
    private final StateReader states;
    private final QueryLanguage machineLanguage;
    private final Set<String> names = new HashSet<>();
    private WorkflowType workflow;
    private int nesting;
    private int distributed;

    GraphReader(Findings findings, WorkflowType workflow, QueryLanguage machineLanguage) {
        this.machineLanguage = machineLanguage;
        this.workflow = workflow;
        this.findings = findings;
        this.states = new StateReader(this, findings);
    }

    /** The type of the executions that the states at hand run in. */
    WorkflowType workflow() {
        return workflow;
    }

    /** The states of a Parallel state's branch. */
    Optional<StateGraph> branch(ObjectNode json, String path) {
        return inner(json, path, BRANCH_FIELDS);
    }

    /** The states of an inline Map state's processor. */
    Optional<StateGraph> processor(ObjectNode json, String path) {
        return inner(json, path, PROCESSOR_FIELDS);
    }

    /** The states of a distributed Map state's processor, which run in executions of their own type. */
    Optional<StateGraph> processor(ObjectNode json, String path, WorkflowType type) {
        var outer = workflow;
        workflow = type;
        distributed++;
        var graph = inner(json, path, PROCESSOR_FIELDS);
        distributed--;
        workflow = outer;
        return graph;
    }

    private Optional<StateGraph> inner(ObjectNode json, String path, Set<String> fields) {
        for (var field : json.properties()) {
            if (!fields.contains(field.getKey())) {
                findings.add(Rule.UNSUPPORTED_FIELD, path, field.getKey());
            }
        }
        if (nesting == MAX_NESTING) {
            findings.add(Rule.NESTING, path, MAX_NESTING);
            return Optional.empty();
        }
        nesting++;
        var graph = read(json, path);
        nesting--;
        return graph;
    }

    Optional<StateGraph> read(ObjectNode json, String path) {
        var missing = java.util.stream.Stream.of("StartAt", "States")
                .filter(field -> !json.has(field))
                .toList();
        if (!missing.isEmpty()) {
            findings.add(Rule.REQUIRED_FIELDS, path.isEmpty() ? "/" : path, missing);
        }
        if (json.has("StartAt") && !json.get("StartAt").isTextual()) {
            findings.add(Rule.VALUE_TYPE, path + "/StartAt", "String");
        }
        if (!(json.get("States") instanceof ObjectNode all)) {
            if (json.has("States")) {
                findings.add(Rule.VALUE_TYPE, path + "/States", "Object");
            }
            return Optional.empty();
        }
        if (all.isEmpty()) {
            findings.add(Rule.VALUE_EMPTY, path + "/States");
            return Optional.empty();
        }
        var read = new LinkedHashMap<String, State>();
        for (var entry : all.properties()) {
            state(entry.getKey(), entry.getValue(), path + "/States/" + entry.getKey())
                    .ifPresent(state -> read.put(entry.getKey(), state));
        }
        var startAt = json.path("StartAt").asText();
        new TransitionRules(findings).check(startAt, json.has("StartAt"), all, path);
        return Optional.of(new StateGraph(startAt, read));
    }

    private Optional<State> state(String name, JsonNode json, String path) {
        if (!names.add(name)) {
            findings.add(Rule.STATE_NAME_TWICE, path, name);
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            findings.add(Rule.STATE_NAME, path, MAX_NAME, name.length());
        }
        if (!(json instanceof ObjectNode state)) {
            findings.add(Rule.VALUE_TYPE, path, "Object");
            return Optional.empty();
        }
        if (!state.has("Type")) {
            findings.add(Rule.REQUIRED_FIELDS, path, "[Type]");
            return Optional.empty();
        }
        var written = state.get("Type").asText();
        var type = StateType.named(written);
        if (type.isEmpty()) {
            findings.add(Rule.VALUE_CHOICE, path + "/Type", "Type", StateType.NAMES);
            return Optional.empty();
        }
        var language = language(state, path);
        FieldRule.check(type.get(), language, state, path, findings);
        var outer = findings.references().enter(path);
        var read = states.read(name, type.get(), language, state, path);
        findings.references().enter(outer);
        return read;
    }

    private QueryLanguage language(ObjectNode state, String path) {
        if (!state.has("QueryLanguage")) {
            return machineLanguage;
        }
        var language = QueryLanguage.named(state.path("QueryLanguage").asText());
        // What runs in an execution of its own may go back to JSONPath.
        if (distributed == 0 && machineLanguage == QueryLanguage.JSONATA && language == QueryLanguage.JSON_PATH) {
            findings.add(Rule.QUERY_LANGUAGE_BACK, path);
        }
        return language;
    }
}
