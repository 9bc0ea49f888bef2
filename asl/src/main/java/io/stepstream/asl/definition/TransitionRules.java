package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules about where states lead: every target is there, every state can be reached, some state ends. */
final class TransitionRules {

    private final Findings findings;

    TransitionRules(Findings findings) {
        this.findings = findings;
    }

    private record Target(String field, String place, String state) {}

    void check(String startAt, boolean started, ObjectNode states, String path) {
        var targets = new HashMap<String, List<Target>>();
        for (var state : states.properties()) {
            var leads = targets(state.getValue(), path + "/States/" + state.getKey());
            targets.put(state.getKey(), leads);
            for (var target : leads) {
                if (!states.has(target.state)) {
                    findings.error(
                            Findings.TRANSITION,
                            target.place,
                            "Missing '" + target.field + "' target: " + target.state,
                            "Name a state of the same level, or add this one");
                }
            }
        }
        if (started && !states.has(startAt)) {
            findings.error(
                    Findings.TRANSITION,
                    path + "/StartAt",
                    "Missing 'StartAt' target: " + startAt,
                    "Name a state of this level");
        }
        var reachable = reachable(startAt, targets);
        for (var name : targets.keySet().stream().sorted().toList()) {
            if (states.has(startAt) && !reachable.contains(name)) {
                findings.error(
                        Findings.TRANSITION,
                        path + "/States/" + name,
                        "State \"" + name + "\" is not reachable.",
                        "Lead to it from another state, or remove it");
            }
        }
        if (states.properties().stream().noneMatch(state -> ends(state.getValue()))) {
            findings.error(
                    Findings.NO_END,
                    path + "/States",
                    "No state ends: none has \"End\": true, nor is a Succeed or Fail state",
                    "Let a state end");
        }
    }

    private static List<Target> targets(JsonNode state, String path) {
        var targets = new ArrayList<Target>();
        add(targets, state, "Next", path);
        add(targets, state, "Default", path);
        for (var list : List.of("Catch", "Choices")) {
            for (var i = 0; i < state.path(list).size(); i++) {
                add(targets, state.path(list).path(i), "Next", path + "/" + list + "[" + i + "]");
            }
        }
        return targets;
    }

    private static void add(List<Target> targets, JsonNode holder, String field, String path) {
        if (holder.path(field).isTextual()) {
            targets.add(new Target(field, path + "/" + field, holder.path(field).asText()));
        }
    }

    private static Set<String> reachable(String startAt, HashMap<String, List<Target>> targets) {
        var reached = new HashSet<String>();
        var next = new ArrayDeque<String>();
        next.add(startAt);
        while (!next.isEmpty()) {
            var name = next.remove();
            if (targets.containsKey(name) && reached.add(name)) {
                targets.getOrDefault(name, List.of()).forEach(target -> next.add(target.state));
            }
        }
        return reached;
    }

    private static boolean ends(JsonNode state) {
        var type = state.path("Type").asText();
        return state.path("End").asBoolean() || type.equals("Succeed") || type.equals("Fail");
    }
}
