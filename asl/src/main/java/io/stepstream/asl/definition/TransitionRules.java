package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
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

    void check(String startAt, boolean started, ObjectNode states, String path) {
        var targets = new HashMap<String, List<Transitions.Lead>>();
        for (var state : states.properties()) {
            var leads = Transitions.of(state.getValue(), path + "/States/" + state.getKey());
            targets.put(state.getKey(), leads);
            for (var target : leads) {
                if (!states.has(target.state())) {
                    findings.add(Rule.TARGET, target.place(), target.state());
                }
            }
        }
        if (started && !states.has(startAt)) {
            findings.add(Rule.TARGET, path + "/StartAt", startAt);
        }
        // AWS does not look for unreachable states where none ends.
        if (states.properties().stream().noneMatch(state -> ends(state.getValue()))) {
            findings.add(Rule.NO_END, path);
        } else if (states.has(startAt)) {
            var reachable = reachable(startAt, targets);
            states.fieldNames().forEachRemaining(name -> {
                if (!reachable.contains(name)) {
                    findings.add(Rule.UNREACHABLE, path + "/States/" + name, name);
                }
            });
        }
    }

    private static Set<String> reachable(String startAt, HashMap<String, List<Transitions.Lead>> targets) {
        var reached = new HashSet<String>();
        var next = new ArrayDeque<String>();
        next.add(startAt);
        while (!next.isEmpty()) {
            var name = next.remove();
            if (targets.containsKey(name) && reached.add(name)) {
                targets.getOrDefault(name, List.of()).forEach(target -> next.add(target.state()));
            }
        }
        return reached;
    }

    private static boolean ends(JsonNode state) {
        var type = state.path("Type").asText();
        return state.path("End").asBoolean() || type.equals("Succeed") || type.equals("Fail");
    }
}
