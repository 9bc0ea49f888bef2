package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON of a JSONata state (Arguments, Output, Assign, ...), compiled: every string of the form <code>{% expression %}</code> is
 * replaced by what the expression gives. A single such string is a template too.
 */
public final class JsonataTemplate {

    private static final Pattern CLAIMED = Pattern.compile("\\{%.*%}", Pattern.DOTALL);
    private static final Pattern FORM = Pattern.compile("\\{%\\s(?<expression>\\S.*?)\\s+%}", Pattern.DOTALL);

    private final Part top;
    private final Uses uses;

    private JsonataTemplate(Part top) {
        this.top = top;
        this.uses = top.uses();
    }

    /** A place of the template. */
    private sealed interface Part {
        record Constant(JsonNode value) implements Part {}

        record Fields(Map<String, Part> fields) implements Part {}

        record Items(List<Part> items) implements Part {}

        record Evaluated(JsonataExpression expression, String field) implements Part {}

        default Uses uses() {
            return switch (this) {
                case Constant _ -> Uses.NOTHING;
                case Fields(var fields) ->
                    fields.values().stream().map(Part::uses).reduce(Uses.NOTHING, Uses::and);
                case Items(var items) -> items.stream().map(Part::uses).reduce(Uses.NOTHING, Uses::and);
                case Evaluated(var expression, var _) -> JsonataScope.uses(expression);
            };
        }

        default JsonNode value(JsonataScope scope) throws StatesFailure {
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
                case Evaluated(var expression, var field) -> {
                    return scope.value(expression, field);
                }
            }
        }
    }

    /** Whether a text claims to be an expression. */
    public static boolean isExpression(String text) {
        return CLAIMED.matcher(text).matches();
    }

    /**
     * Compiles a template; what is wrong with it goes to {@code problems}, and the rest is compiled all the same.
     *
     * @param field the field whose value it is, as errors name it
     */
    public static JsonataTemplate compile(String field, JsonNode template, Problems problems) {
        return new JsonataTemplate(part(field, template, "", problems));
    }

    private static Part part(String field, JsonNode json, String place, Problems problems) {
        if (json.isObject()) {
            var fields = new LinkedHashMap<String, Part>();
            for (var entry : json.properties()) {
                fields.put(entry.getKey(), part(field, entry.getValue(), place + "/" + entry.getKey(), problems));
            }
            return fields.values().stream().allMatch(Part.Constant.class::isInstance)
                    ? new Part.Constant(json)
                    : new Part.Fields(fields);
        }
        if (json.isArray()) {
            var items = new ArrayList<Part>(json.size());
            for (var i = 0; i < json.size(); i++) {
                items.add(part(field, json.get(i), place + "[" + i + "]", problems));
            }
            return items.stream().allMatch(Part.Constant.class::isInstance)
                    ? new Part.Constant(json)
                    : new Part.Items(items);
        }
        return json.isTextual() && isExpression(json.asText())
                ? expression(field, json.asText(), place, problems)
                : new Part.Constant(json);
    }

    private static Part expression(String field, String text, String place, Problems problems) {
        var form = FORM.matcher(text);
        var reason = "write one space after {% and one before %}";
        if (form.matches()) {
            try {
                return new Part.Evaluated(JsonataExpression.compile(form.group("expression")), field + place);
            } catch (MalformedExpression e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        problems.add(place, "The JSONata expression '" + text + "' is not valid", "Mend the expression: " + reason);
        return new Part.Constant(Json.NODES.nullNode());
    }

    public Uses uses() {
        return uses;
    }

    JsonNode value(JsonataScope scope) throws StatesFailure {
        return top.value(scope);
    }

    /** The single expression that this template is, for errors about its value; a constant's text otherwise. */
    String shown() {
        return top instanceof Part.Evaluated(var expression, var _) ? expression.text() : top.toString();
    }
}
