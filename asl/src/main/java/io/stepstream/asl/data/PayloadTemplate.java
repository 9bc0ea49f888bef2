package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A payload template (Parameters, ResultSelector, Assign, ...), compiled: JSON in which the value of every key that ends in
 * {@code .$} is replaced by what its path or intrinsic function gives.
 */
public final class PayloadTemplate {

    private static final String DYNAMIC = ".$";

    private final Part top;
    private final Uses uses;

    private PayloadTemplate(Part top) {
        this.top = top;
        this.uses = top.uses();
    }

    /** A place of the template. */
    private sealed interface Part {
        record Constant(JsonNode value) implements Part {}

        record Fields(Map<String, Part> fields) implements Part {}

        record Items(List<Part> items) implements Part {}

        record Selected(String field, Selection selection) implements Part {}

        default Uses uses() {
            return switch (this) {
                case Constant _ -> Uses.NOTHING;
                case Fields(var fields) -> all(fields.values());
                case Items(var items) -> all(items);
                case Selected(var _, var selection) -> selection.uses();
            };
        }

        default boolean readsData() {
            return switch (this) {
                case Constant _ -> false;
                case Fields(var fields) -> fields.values().stream().anyMatch(Part::readsData);
                case Items(var items) -> items.stream().anyMatch(Part::readsData);
                case Selected(var _, var selection) -> selection.readsData();
            };
        }

        private static Uses all(Iterable<Part> parts) {
            var uses = Uses.NOTHING;
            for (var part : parts) {
                uses = uses.and(part.uses());
            }
            return uses;
        }

        default JsonNode value(Scope scope) throws StatesFailure {
            switch (this) {
                case Constant(var value) -> {
                    return value;
                }
                case Fields(var fields) -> {
                    var object = Json.NODES.objectNode();
                    for (var field : fields.entrySet()) {
                        object.set(field.getKey(), field.getValue().value(scope));
                    }
                    return object;
                }
                case Items(var items) -> {
                    var array = Json.NODES.arrayNode(items.size());
                    for (var item : items) {
                        array.add(item.value(scope));
                    }
                    return array;
                }
                case Selected(var field, var selection) -> {
                    return selection.value(field, scope);
                }
            }
        }
    }

    /** Compiles a template; what is wrong with it goes to {@code problems}, and the rest is compiled all the same. */
    public static PayloadTemplate compile(JsonNode template, Problems problems) {
        return new PayloadTemplate(part(template, "", problems));
    }

    private static Part part(JsonNode json, String place, Problems problems) {
        if (json.isObject()) {
            var fields = new LinkedHashMap<String, Part>();
            for (var entry : json.properties()) {
                var key = entry.getKey();
                var dynamic = key.endsWith(DYNAMIC);
                if (!dynamic
                        && entry.getValue().isTextual()
                        && Path.looksMeant(entry.getValue().asText())) {
                    problems.add(place + "/" + key, new Problem.NoDollar(key));
                }
                var name = dynamic ? key.substring(0, key.length() - DYNAMIC.length()) : key;
                var part = dynamic
                        ? selected(key, entry.getValue(), place, problems)
                        : part(entry.getValue(), place + "/" + key, problems);
                if (fields.put(name, part) != null) {
                    problems.add(place, new Problem.DuplicateField(name));
                }
            }
            return fields.values().stream().allMatch(Part.Constant.class::isInstance) && sameKeys(json, fields)
                    ? new Part.Constant(json)
                    : new Part.Fields(fields);
        }
        if (json.isArray()) {
            var items = new ArrayList<Part>(json.size());
            for (var i = 0; i < json.size(); i++) {
                items.add(part(json.get(i), place + "/" + i, problems));
            }
            return items.stream().allMatch(Part.Constant.class::isInstance)
                    ? new Part.Constant(json)
                    : new Part.Items(items);
        }
        return new Part.Constant(json);
    }

    private static boolean sameKeys(JsonNode json, Map<String, Part> fields) {
        return fields.keySet().stream().allMatch(json::has);
    }

    private static Part selected(String key, JsonNode value, String place, Problems problems) {
        var reason = "it is no string";
        if (value.isTextual()) {
            try {
                return new Part.Selected(key, Selection.compile(value.asText()));
            } catch (InvalidExpression e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        problems.add(place, new Problem.NoSelection(key, reason));
        return new Part.Constant(Json.NODES.nullNode());
    }

    public Uses uses() {
        return uses;
    }

    /** Whether it looks at the data that it is evaluated on. */
    boolean readsData() {
        return top.readsData();
    }

    JsonNode value(Scope scope) throws StatesFailure {
        return top.value(scope);
    }
}
