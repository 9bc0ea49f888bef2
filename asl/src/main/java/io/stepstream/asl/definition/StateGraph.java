package io.stepstream.asl.definition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** States that lead to each other from one start: a whole machine, a branch, or an item's processor. */
public final class StateGraph {

    private final String startAt;
    private final Map<String, State> states;
    private final Map<String, State> everywhere = new LinkedHashMap<>();

    public StateGraph(String startAt, Map<String, State> states) {
        this.startAt = startAt;
        this.states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
        for (var state : states.values()) {
            everywhere.put(state.name(), state);
            for (var inner : inside(state)) {
                everywhere.putAll(inner.everywhere);
            }
        }
    }

    public String startAt() {
        return startAt;
    }

    /** The states of this graph itself, by name, in the definition's order. */
    public Map<String, State> states() {
        return states;
    }

    /** The state of this name here or in a graph inside. */
    public Optional<State> find(String name) {
        return Optional.ofNullable(everywhere.get(name));
    }

    private static List<StateGraph> inside(State state) {
        return switch (state) {
            case State.Parallel parallel -> parallel.branches();
            case State.Map map -> List.of(map.processor());
            case State.Pass _, State.Task _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ -> List.of();
        };
    }
}
