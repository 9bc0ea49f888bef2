package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The state under test, taken out of what is around it.
 *
 * @param wrapped a state machine of the state alone; the states it leads to are there, and do nothing
 */
record TestSubject(String name, ObjectNode state, ObjectNode wrapped) {
    /** AWS's name of a state that is given without one. */
    private static final String NAMELESS = "StateName";

    static TestSubject of(StateTestRequest request) {
        var tree = Documents.tree(request.definition());
        if (tree.isEmpty() || !(tree.get() instanceof ObjectNode definition)) {
            throw refused(StateMachine.parse(request.definition()));
        }
        if (request.stateName().isEmpty()) {
            return of(NAMELESS, definition, Optional.empty());
        }
        if (StateMachine.parse(request.definition()) instanceof Parsed.Invalid invalid) {
            throw refused(invalid);
        }
        var name = request.stateName().get();
        var state = find(definition, name)
                .orElseThrow(() -> TestRefused.validation("State not found in definition"));
        return of(name, state, Optional.ofNullable(definition.get("QueryLanguage")));
    }

    private static TestSubject of(String name, ObjectNode state, Optional<JsonNode> queryLanguage) {
        var wrapped = Documents.object().put("StartAt", name);
        queryLanguage.ifPresent(language -> wrapped.set("QueryLanguage", language));
        var states = wrapped.putObject("States");
        states.set(name, state);
        for (var target : targets(state)) {
            if (!target.equals(name)) {
                states.putObject(target).put("Type", "Succeed");
            }
        }
        return new TestSubject(name, state, wrapped);
    }

    /** The states that this one leads to. */
    private static Set<String> targets(ObjectNode state) {
        var targets = new TreeSet<String>();
        for (var field : List.of("Next", "Default")) {
            if (state.path(field).isTextual()) {
                targets.add(state.path(field).textValue());
            }
        }
        for (var field : List.of("Choices", "Catch")) {
            for (var rule : state.path(field)) {
                if (rule.path("Next").isTextual()) {
                    targets.add(rule.path("Next").textValue());
                }
            }
        }
        return targets;
    }

    /** The state of this name, at whatever depth. */
    private static Optional<ObjectNode> find(JsonNode graph, String name) {
        if (graph.path("States").get(name) instanceof ObjectNode state) {
            return Optional.of(state);
        }
        for (var state : graph.path("States")) {
            for (var branch : state.path("Branches")) {
                var found = find(branch, name);
                if (found.isPresent()) {
                    return found;
                }
            }
            for (var field : List.of("ItemProcessor", "Iterator")) {
                var found = find(state.path(field), name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static TestRefused refused(Parsed parsed) {
        var refused = switch (parsed) {
            case Parsed.Invalid(var findings) -> invalid(findings);
            case Parsed.Valid _ -> throw new IllegalStateException("a definition that is no object is not valid");
        };
        return new TestRefused(refused.error(), refused.message());
    }

    static StateTest.Result.Refused invalid(List<Finding> findings) {
        var words = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(finding -> finding.code() + ": " + finding.message() + " at "
                        + (finding.path().isEmpty() ? "null" : finding.path()))
                .collect(Collectors.joining(", "));
        return new StateTest.Result.Refused(
                TestRefused.INVALID_DEFINITION, "Invalid State Machine Definition: '" + words + "'");
    }

    String type() {
        return state.path("Type").asText();
    }
}
