package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rules about variables. A branch of a Parallel state and the processor of an inline Map state are scopes of their own, which see
 * the outer ones as they are when the state is entered; the processor of a distributed Map state sees none of them.
 *
 * <p>A reference to what no earlier state can have assigned is a warning: AWS accepts the definition, and the execution fails when it
 * comes there (recorded: {@code test_undefined_reference}). To assign a variable that an outer scope may have
 * assigned before is an error, as its guide says; one that it assigns afterwards, in its Catch perhaps, is another variable.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html">Passing data with variables</a>
 */
final class VariableRules {

    private final Findings findings;

    VariableRules(Findings findings) {
        this.findings = findings;
    }

    /** States of one level. */
    private record Level(String startAt, Map<String, Node> states) {

        Set<String> assigned() {
            return states.values().stream()
                    .flatMap(state -> state.assigned.values().stream())
                    .flatMap(Set::stream)
                    .collect(Collectors.toSet());
        }
    }

    /** @param assigned the variables it assigns, by the places where it does */
    private record Node(
            String path, List<Transitions.Lead> leads, Map<String, Set<String>> assigned, List<Inner> inside) {}

    private record Inner(Level level, boolean seesOuter) {}

    void check(JsonNode definition) {
        var machine = level(definition, "");
        var wanted = new LinkedHashSet<>(findings.references().variables());
        wanted.addAll(shadowing(machine, List.of()));
        var variables = List.copyOf(wanted);
        for (var from = 0; from < variables.size(); from += Long.SIZE) {
            checkReferences(
                    machine, 0, new Chunk(variables.subList(from, Math.min(variables.size(), from + Long.SIZE))));
        }
    }

    private static Level level(JsonNode json, String path) {
        var states = new LinkedHashMap<String, Node>();
        for (var state : json.path("States").properties()) {
            var at = path + "/States/" + state.getKey();
            var assigned = new LinkedHashMap<String, Set<String>>();
            assigned.put(at + "/Assign", Transitions.assigned(state.getValue()));
            Transitions.rules(state.getValue(), at)
                    .forEach((place, rule) -> assigned.put(place + "/Assign", Transitions.assigned(rule)));
            states.put(
                    state.getKey(),
                    new Node(at, Transitions.of(state.getValue(), at), assigned, inside(state.getValue(), at)));
        }
        return new Level(json.path("StartAt").asText(), states);
    }

    private static List<Inner> inside(JsonNode state, String path) {
        var inside = new ArrayList<Inner>();
        for (var i = 0; i < state.path("Branches").size(); i++) {
            inside.add(new Inner(level(state.path("Branches").path(i), path + "/Branches[" + i + "]"), true));
        }
        for (var field : List.of("ItemProcessor", "Iterator")) {
            var processor = state.path(field);
            if (processor.isObject()) {
                var mode = processor.path("ProcessorConfig").path("Mode").asText();
                inside.add(new Inner(level(processor, path + "/" + field), !mode.equals("DISTRIBUTED")));
            }
        }
        return inside;
    }

    /** Variables that are assigned both in a scope and in one around it: which comes first is still to be found. */
    private static Set<String> shadowing(Level level, List<Set<String>> outer) {
        var shadowing = new TreeSet<String>();
        var visible = new ArrayList<>(outer);
        var own = level.assigned();
        visible.add(own);
        own.stream()
                .filter(variable -> outer.stream().anyMatch(scope -> scope.contains(variable)))
                .forEach(shadowing::add);
        for (var state : level.states.values()) {
            for (var inner : state.inside) {
                shadowing.addAll(shadowing(inner.level, inner.seesOuter ? visible : List.of()));
            }
        }
        return shadowing;
    }

    /** Up to 64 variables, which travel through the states together: one bit each. */
    private static final class Chunk {
        private final Map<String, Long> bits = new HashMap<>();

        Chunk(List<String> variables) {
            for (var variable : variables) {
                bits.put(variable, 1L << bits.size());
            }
        }

        long of(Set<String> variables) {
            var all = 0L;
            for (var variable : variables) {
                all |= bits.getOrDefault(variable, 0L);
            }
            return all;
        }
    }

    /**
     * Finds references to what cannot be assigned yet, and assignments to what is assigned already in a scope around. Every state's set of variables only grows, at most once a bit, so the time is
     * linear in the number of transitions.
     */
    private void checkReferences(Level level, long outer, Chunk chunk) {
        var assigned = new HashMap<String, Long>();
        var changed = new ArrayDeque<String>();
        var waiting = new HashSet<String>();
        assigned.put(level.startAt, outer);
        changed.add(level.startAt);
        while (!changed.isEmpty()) {
            var name = changed.remove();
            waiting.remove(name);
            var state = level.states.get(name);
            if (state == null) {
                continue;
            }
            for (var lead : state.leads) {
                var before = assigned.get(lead.state());
                var after =
                        assigned.getOrDefault(name, 0L) | chunk.of(lead.assigned()) | (before == null ? 0L : before);
                if (before == null || before != after) {
                    assigned.put(lead.state(), after);
                    if (waiting.add(lead.state())) {
                        changed.add(lead.state());
                    }
                }
            }
        }
        level.states.forEach((name, state) -> {
            var here = assigned.get(name);
            if (here != null) {
                checkAssigned(state, outer, chunk);
                checkState(state, here, chunk);
            }
        });
    }

    private void checkAssigned(Node state, long outer, Chunk chunk) {
        state.assigned.forEach((place, variables) -> variables.stream()
                .filter(variable -> (chunk.of(Set.of(variable)) & outer) != 0)
                .sorted()
                .forEach(variable -> findings.add(Rule.OUTER_VARIABLE, place, variable)));
    }

    private void checkState(Node state, long assigned, Chunk chunk) {
        for (var reference : findings.references().of(state.path)) {
            var bit = chunk.bits.getOrDefault(reference.variable(), 0L);
            if ((bit & ~assigned) != 0) {
                findings.add(Rule.UNDEFINED_VARIABLE, reference.path(), reference.variable());
            }
        }
        for (var inner : state.inside) {
            checkReferences(inner.level, inner.seesOuter ? assigned : 0, chunk);
        }
    }
}
