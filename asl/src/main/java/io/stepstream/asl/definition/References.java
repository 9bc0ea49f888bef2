package io.stepstream.asl.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.Set;

/** Which variables the fields of which state refer to, gathered while states are read. */
final class References {

    /** @param path the field's place */
    record Reference(String variable, String path) {}

    private final Map<String, List<Reference>> byState = new HashMap<>();
    private String state = "";

    /**
     * From now on this state is read.
     *
     * @return the state read until now, which has this one inside
     */
    String enter(String statePath) {
        var outer = state;
        state = statePath;
        return outer;
    }

    void add(Set<String> variables, String path) {
        for (var variable : variables) {
            byState.computeIfAbsent(state, any -> new ArrayList<>()).add(new Reference(variable, path));
        }
    }

    List<Reference> of(String statePath) {
        return byState.getOrDefault(statePath, List.of());
    }

    /** The variables that each state refers to, by the state's name, both in order. */
    SortedMap<String, List<String>> byState() {
        var named = new TreeMap<String, List<String>>();
        byState.forEach((path, references) -> {
            var variables =
                    references.stream().map(Reference::variable).distinct().sorted().toList();
            if (!variables.isEmpty()) {
                named.put(path.substring(path.lastIndexOf('/') + 1), variables);
            }
        });
        return Collections.unmodifiableSortedMap(named);
    }

    /** Every variable referred to, once. */
    List<String> variables() {
        return byState.values().stream()
                .flatMap(List::stream)
                .map(Reference::variable)
                .distinct()
                .sorted()
                .toList();
    }
}
