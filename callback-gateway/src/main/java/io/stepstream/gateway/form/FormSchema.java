package io.stepstream.gateway.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.form.FormField.Kind;
import io.stepstream.gateway.form.FormField.Step;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A form, described by a subset of JSON Schema: an object of texts, numbers, booleans and choices. What is outside the subset is
 * refused, not passed over: a rule that is not kept would be worse than none.
 *
 * @param fields in the order in which they are shown
 * @param required names of those that an approval must fill in
 */
public record FormSchema(List<FormField> fields, Set<String> required) {

    private static final int FIELDS = 32;
    private static final int OPTIONS = 50;
    private static final int LONGEST_TEXT = 2_000;
    private static final Set<String> ROOT = Set.of("$schema", "type", "title", "description", "properties", "required");
    private static final Set<String> COMMON = Set.of("type", "title", "description");
    private static final Set<String> TEXT = Set.of("enum", "minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER = Set.of("minimum", "maximum");

    /** What became of a form: values that are all good, or what is wrong with which field. */
    public record Filled(ObjectNode values, Map<String, String> problems) {}

    public FormSchema {
        fields = List.copyOf(fields);
        required = Set.copyOf(required);
    }

    static FormSchema parse(JsonNode schema) throws InvalidApproval {
        only(schema, ROOT, Set.of(), "/form");
        if (!schema.path("type").asText().equals("object")
                || !schema.path("properties").isObject()) {
            throw new InvalidApproval("/form", "it must have 'type': 'object' and 'properties'");
        }
        var fields = new ArrayList<FormField>();
        for (var property : schema.path("properties").properties()) {
            fields.add(field(property.getKey(), property.getValue()));
        }
        if (fields.isEmpty() || fields.size() > FIELDS) {
            throw new InvalidApproval("/form/properties", "there must be 1 to %d".formatted(FIELDS));
        }
        var names = fields.stream().map(FormField::name).toList();
        var required = new LinkedHashSet<String>();
        for (var name : schema.path("required")) {
            if (!names.contains(name.asText())) {
                throw new InvalidApproval("/form/required", "'%s' is none of the properties".formatted(name.asText()));
            }
            required.add(name.asText());
        }
        return new FormSchema(fields, required);
    }

    private static FormField field(String name, JsonNode schema) throws InvalidApproval {
        var where = "/form/properties/" + name;
        if (!name.matches("[A-Za-z][A-Za-z0-9_]{0,63}")) {
            throw new InvalidApproval(where, "a property's name is a letter, then letters, digits and underscores");
        }
        var kind = switch (schema.path("type").asText()) {
            case "string" -> text(schema, where);
            case "number" -> number(schema, Step.ANY, where);
            case "integer" -> number(schema, Step.WHOLE, where);
            case "boolean" -> {
                only(schema, COMMON, Set.of(), where);
                yield new Kind.YesNo();
            }
            default -> throw new InvalidApproval(where + "/type", "it must be string, number, integer or boolean");
        };
        return new FormField(
                name,
                schema.path("title").asText(name),
                schema.path("description").asText(),
                kind);
    }

    private static Kind text(JsonNode schema, String where) throws InvalidApproval {
        only(schema, COMMON, TEXT, where);
        if (schema.has("enum")) {
            only(schema, COMMON, Set.of("enum"), where);
            var options = new ArrayList<String>();
            for (var option : schema.path("enum")) {
                if (!option.isTextual() || option.textValue().isBlank()) {
                    throw new InvalidApproval(where + "/enum", "each must be a text that is not blank");
                }
                options.add(option.textValue());
            }
            if (options.isEmpty() || options.size() > OPTIONS) {
                throw new InvalidApproval(where + "/enum", "there must be 1 to %d".formatted(OPTIONS));
            }
            return new Kind.Choice(List.copyOf(options));
        }
        if (schema.has("format")) {
            only(schema, COMMON, Set.of("format"), where);
            return switch (schema.path("format").asText()) {
                case "date" -> new Kind.Date();
                case "email" -> new Kind.Email();
                default -> throw new InvalidApproval(where + "/format", "it must be date or email");
            };
        }
        var least = length(schema, "minLength", 0, where);
        var most = length(schema, "maxLength", LONGEST_TEXT, where);
        if (least > most) {
            throw new InvalidApproval(where + "/minLength", "it is more than maxLength");
        }
        var pattern = schema.get("pattern");
        return new Kind.Text(
                least,
                most,
                pattern == null ? Optional.empty() : Optional.of(FormPattern.of(pattern.asText(), where + "/pattern")));
    }

    private static int length(JsonNode schema, String keyword, int absent, String where) throws InvalidApproval {
        var value = schema.get(keyword);
        if (value == null) {
            return absent;
        }
        if (!value.isInt() || value.intValue() < 0 || value.intValue() > LONGEST_TEXT) {
            throw new InvalidApproval(
                    where + "/" + keyword, "it must be a whole number from 0 to %d".formatted(LONGEST_TEXT));
        }
        return value.intValue();
    }

    private static Kind number(JsonNode schema, Step step, String where) throws InvalidApproval {
        only(schema, COMMON, NUMBER, where);
        return new Kind.Number(step, bound(schema, "minimum", where), bound(schema, "maximum", where));
    }

    private static Optional<BigDecimal> bound(JsonNode schema, String keyword, String where) throws InvalidApproval {
        var value = schema.get(keyword);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isNumber()
                || value.decimalValue().precision() > 40
                || Math.abs((long) value.decimalValue().scale()) > 40) {
            throw new InvalidApproval(where + "/" + keyword, "it must be a number of at most 40 digits");
        }
        return Optional.of(value.decimalValue());
    }

    private static void only(JsonNode schema, Set<String> these, Set<String> andThese, String where)
            throws InvalidApproval {
        if (!schema.isObject()) {
            throw new InvalidApproval(where, "it must be an object");
        }
        for (var member : schema.properties()) {
            if (!these.contains(member.getKey()) && !andThese.contains(member.getKey())) {
                throw new InvalidApproval(
                        where + "/" + member.getKey(), "that is not in the part of JSON Schema that forms know");
            }
            if (Set.of("title", "description", "pattern", "format").contains(member.getKey())
                    && !member.getValue().isTextual()) {
                throw new InvalidApproval(where + "/" + member.getKey(), "it must be a text");
            }
        }
    }

    /** The form as a person has filled it in; what is left blank counts as not there. */
    public Filled fill(Map<String, String> texts, Set<String> needed) {
        var values = JsonNodeFactory.instance.objectNode();
        var problems = new LinkedHashMap<String, String>();
        for (var field : fields) {
            var text = texts.getOrDefault(field.name(), "").strip();
            if (!text.isEmpty()) {
                var value = field.read(text).orElseGet(() -> JsonNodeFactory.instance.nullNode());
                values.set(field.name(), value);
            }
        }
        check(values, needed, problems);
        return new Filled(values, problems);
    }

    /** The form as a client has filled it in. */
    public Filled fill(ObjectNode values, Set<String> needed) {
        var problems = new LinkedHashMap<String, String>();
        for (var value : values.properties()) {
            if (fields.stream().noneMatch(field -> field.name().equals(value.getKey()))) {
                problems.put(value.getKey(), "The form has no such field.");
            }
        }
        check(values, needed, problems);
        return new Filled(values, problems);
    }

    private void check(ObjectNode values, Set<String> needed, Map<String, String> problems) {
        for (var field : fields) {
            var value = values.get(field.name());
            if (value != null) {
                field.problem(value).ifPresent(problem -> problems.put(field.name(), problem));
            } else if (needed.contains(field.name())) {
                problems.put(field.name(), "Fill this in.");
            }
        }
    }
}
