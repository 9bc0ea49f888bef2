package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * JSON of a JSONata state (Arguments, Output, Assign, ...), compiled: every string of the form <code>{% expression %}</code> is
 * replaced by what the expression gives. A single such string is a template too.
 */
public final class JsonataTemplate {

    private static final Pattern CLAIMED = Pattern.compile("\\{%.*|.*%}", Pattern.DOTALL);
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
                case Evaluated(var expression, var _) -> expression.uses();
            };
        }

        default void references(BiConsumer<String, Set<String>> heard) {
            switch (this) {
                case Constant _ -> {}
                case Fields(var fields) -> fields.values().forEach(field -> field.references(heard));
                case Items(var items) -> items.forEach(item -> item.references(heard));
                case Evaluated(var expression, var field) -> heard.accept(field, JsonataScope.references(expression));
            }
        }

        default boolean readsInput() {
            return switch (this) {
                case Constant _ -> false;
                case Fields(var fields) -> fields.values().stream().anyMatch(Part::readsInput);
                case Items(var items) -> items.stream().anyMatch(Part::readsInput);
                case Evaluated(var expression, var _) -> JsonataScope.readsInput(expression);
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

    /** Whether a text claims to be an expression: one mark is enough, as an expression that is not closed is an error and no text. */
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
        if (!form.matches()) {
            problems.add(place, new Problem.NoMarks(text));
        } else {
            try {
                var expression = JsonataExpression.compile(form.group("expression"));
                for (var name : expression.references().topLevelNames()) {
                    problems.add(place, new Problem.TopLevelReference(name));
                }
                return new Part.Evaluated(expression, field + place);
            } catch (MalformedExpression e) {
                problems.add(place, new Problem.NoJsonata(String.valueOf(e.getMessage())));
            }
        }
        return new Part.Constant(Json.NODES.nullNode());
    }

    public Uses uses() {
        return uses;
    }

    /** Whether it may look at the state's input. */
    boolean readsInput() {
        return top.readsInput();
    }

    /**
     * Tells the variables that each expression takes from outside.
     *
     * @param heard gets an expression's place, which begins with the field's name, and its variables' names without {@code $}
     */
    public void references(BiConsumer<String, Set<String>> heard) {
        top.references(heard);
    }

    JsonNode value(JsonataScope scope) throws StatesFailure {
        return top.value(scope);
    }

    /** The single expression that this template is, for errors about its value; a constant's text otherwise. */
    String shown() {
        return top instanceof Part.Evaluated(var expression, var _) ? expression.text() : top.toString();
    }
}
