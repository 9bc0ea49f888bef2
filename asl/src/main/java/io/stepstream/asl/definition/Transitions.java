package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a state leads, as its definition has it: Next, Default, and the Next of choice rules and catchers. */
final class Transitions {

    private Transitions() {}

    /**
     * One way out of a state.
     *
     * @param place where it is written
     * @param state where it leads
     * @param assigned the variables assigned on the way
     */
    record Lead(String place, String state, Set<String> assigned) {}

    static List<Lead> of(JsonNode state, String path) {
        var leads = new ArrayList<Lead>();
        add(leads, state, "Next", path);
        add(leads, state, "Default", path);
        rules(state, path).forEach((place, rule) -> add(leads, rule, "Next", place));
        return leads;
    }

    /** Choice rules and catchers, by their places. */
    static Map<String, JsonNode> rules(JsonNode state, String path) {
        var rules = new LinkedHashMap<String, JsonNode>();
        for (var list : List.of("Catch", "Choices")) {
            for (var i = 0; i < state.path(list).size(); i++) {
                rules.put(path + "/" + list + "[" + i + "]", state.path(list).path(i));
            }
        }
        return rules;
    }

    private static void add(List<Lead> leads, JsonNode holder, String field, String path) {
        var target = holder.path(field);
        if (target.isTextual()) {
            leads.add(new Lead(path + "/" + field, target.asText(), assigned(holder)));
        }
    }

    /** The variables that this state, choice rule or catcher assigns. */
    static Set<String> assigned(JsonNode holder) {
        return holder.path("Assign").properties().stream()
                .map(field -> field.getKey().endsWith(".$")
                        ? field.getKey().substring(0, field.getKey().length() - 2)
                        : field.getKey())
                .collect(Collectors.toUnmodifiableSet());
    }
}
