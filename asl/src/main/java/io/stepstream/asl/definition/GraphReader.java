package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/** Reads StartAt and States: of the whole machine, and of branches. */
final class GraphReader {

    /** How deep branches may lie in branches. */
    static final int MAX_NESTING = 16;

    /** Longest name of a state; AWS's limit. */
    static final int MAX_NAME = 80;

    private static final Set<String> BRANCH_FIELDS = Set.of("StartAt", "States", "Comment", "QueryLanguage");

    private final Findings findings;
    private final StateReader states;
    private final QueryLanguage machineLanguage;
    private final Set<String> names = new HashSet<>();
    private int nesting;

    GraphReader(Findings findings, WorkflowType workflow, QueryLanguage machineLanguage) {
        this.machineLanguage = machineLanguage;
        this.findings = findings;
        this.states = new StateReader(this, findings, workflow);
    }

    Optional<StateGraph> branch(ObjectNode json, String path) {
        for (var field : json.properties()) {
            if (!BRANCH_FIELDS.contains(field.getKey())) {
                findings.schema(
                        path + "/" + field.getKey(), "Field '" + field.getKey() + "' is not supported", "Remove it");
            }
        }
        if (nesting == MAX_NESTING) {
            findings.schema(
                    path,
                    "Branches are nested deeper than " + MAX_NESTING,
                    "Move the inner ones to a machine of their own");
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
            findings.schema(path.isEmpty() ? "/" : path, "These fields are required: " + missing, "Add them");
        }
        if (json.has("StartAt") && !json.get("StartAt").isTextual()) {
            findings.schema(path + "/StartAt", "Expected value of type String", "Name the first state");
        }
        if (!(json.get("States") instanceof ObjectNode all)) {
            if (json.has("States")) {
                findings.schema(
                        path + "/States", "Expected value of type Object", "Make it an object of states by name");
            }
            return Optional.empty();
        }
        if (all.isEmpty()) {
            findings.schema(path + "/States", "Value cannot be empty", "Add at least one state");
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
            findings.error(
                    Findings.DUPLICATE_STATE,
                    path,
                    "Duplicate State name: " + name,
                    "Rename one: names are unique in the whole state machine");
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            findings.schema(
                    path, "A state's name has 1 to " + MAX_NAME + " characters, not " + name.length(), "Rename it");
        }
        if (!(json instanceof ObjectNode state)) {
            findings.schema(path, "Expected value of type Object", "Make it a state");
            return Optional.empty();
        }
        if (!state.has("Type")) {
            findings.schema(path, "These fields are required: [Type]", "Say of which type the state is");
            return Optional.empty();
        }
        var written = state.get("Type").asText();
        var type = StateType.named(written);
        if (type.isEmpty()) {
            findings.schema(
                    path + "/Type",
                    written.equals("Map")
                            ? "State type 'Map' is not supported yet"
                            : "State type '" + written + "' is not supported",
                    "Use one of " + java.util.Arrays.toString(StateType.values()));
            return Optional.empty();
        }
        var language = language(state, path);
        FieldRule.check(type.get(), language, state, path, findings);
        return states.read(name, type.get(), language, state, path);
    }

    private QueryLanguage language(ObjectNode state, String path) {
        if (!state.has("QueryLanguage")) {
            return machineLanguage;
        }
        var language = QueryLanguage.named(state.path("QueryLanguage").asText());
        if (machineLanguage == QueryLanguage.JSONATA && language == QueryLanguage.JSON_PATH) {
            findings.schema(
                    path,
                    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                    "Set JSONPath for the machine and JSONata for single states, or use JSONata here");
        }
        return language;
    }
}
