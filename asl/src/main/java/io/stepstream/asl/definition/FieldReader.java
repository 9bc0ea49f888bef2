package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.InvalidExpression;
import io.stepstream.asl.data.JsonPathFlow.ResultPath;
import io.stepstream.asl.data.JsonataTemplate;
import io.stepstream.asl.data.Path;
import io.stepstream.asl.data.PathFilter;
import io.stepstream.asl.data.PayloadTemplate;
import io.stepstream.asl.data.ReferencePath;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the fields of one object of a definition; what is wrong with a field is found, and the field then left out. */
final class FieldReader {

    private static final Pattern VARIABLE = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,79}(\\.\\$)?");

    private final ObjectNode object;
    private final String path;
    private final Findings findings;

    FieldReader(ObjectNode object, String path, Findings findings) {
        this.object = object;
        this.path = path;
        this.findings = findings;
    }

    Findings findings() {
        return findings;
    }

    /** The object's own place. */
    String path() {
        return path;
    }

    /** Finds every field that is not one of these. */
    void only(Set<String> allowed) {
        object.fieldNames().forEachRemaining(name -> {
            if (!allowed.contains(name)) {
                findings.schema(at(name), "Field '" + name + "' is not supported", "Remove it");
            }
        });
    }

    /** Finds what of these is missing. */
    void require(String... required) {
        var missing = Arrays.stream(required).filter(name -> !object.has(name)).toList();
        if (!missing.isEmpty()) {
            findings.schema(path, "These fields are required: " + missing, "Add them");
        }
    }

    String at(String field) {
        return path + "/" + field;
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(object.get(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    OptionalLong integer(String field) {
        var value = object.get(field);
        return value != null && value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    Optional<JsonNode> value(String field) {
        return Optional.ofNullable(object.get(field));
    }

    /** A path; with what it is compiled to. */
    Optional<Path> path(String field) {
        return text(field).flatMap(text -> compiled(field, "Value is not a valid JSONPath", () -> Path.compile(text)));
    }

    PathFilter filter(String field) {
        if (value(field).filter(JsonNode::isNull).isPresent()) {
            return new PathFilter.Nothing();
        }
        return path(field).map(PathFilter::at).orElseGet(PathFilter.Everything::new);
    }

    ResultPath resultPath() {
        var field = "ResultPath";
        if (value(field).filter(JsonNode::isNull).isPresent()) {
            return new ResultPath.Discard();
        }
        var text = text(field).filter(written -> !written.equals("$"));
        return text.flatMap(written ->
                        compiled(field, "Value is not a Reference Path", () -> ReferencePath.compile(written)))
                .<ResultPath>map(ResultPath.Put::new)
                .orElseGet(ResultPath.Replace::new);
    }

    Optional<PayloadTemplate> template(String field) {
        return value(field)
                .filter(value -> !value.isNull())
                .map(value -> PayloadTemplate.compile(
                        value, (place, message, fix) -> findings.schema(at(field) + place, message, fix)));
    }

    Optional<PayloadTemplate> assign() {
        return variables() ? template("Assign") : Optional.empty();
    }

    /** JSON with JSONata expressions. */
    Optional<JsonataTemplate> jsonata(String field) {
        return value(field)
                .map(value -> JsonataTemplate.compile(
                        field, value, (place, message, fix) -> findings.schema(at(field) + place, message, fix)));
    }

    Optional<JsonataTemplate> jsonataAssign() {
        return variables() ? jsonata("Assign") : Optional.empty();
    }

    /** Whether there is an Assign; its variables' names are checked. */
    private boolean variables() {
        var field = "Assign";
        value(field)
                .filter(JsonNode::isObject)
                .ifPresent(variables -> variables.fieldNames().forEachRemaining(name -> {
                    if (!VARIABLE.matcher(name).matches() || name.equals("states") || name.equals("states.$")) {
                        findings.schema(
                                at(field),
                                "The variable name '" + name + "' is not valid",
                                "Begin it with a letter, use letters, digits and _ only, at most 80 characters, and not 'states'");
                    }
                }));
        return value(field).filter(JsonNode::isObject).isPresent();
    }

    /** What a compilation gives; if it gives nothing, that is a finding. */
    <T> Optional<T> compiled(String field, String message, Compilation<T> compilation) {
        try {
            return Optional.of(compilation.run());
        } catch (InvalidExpression e) {
            findings.schema(at(field), message, "Mend the value: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Compiles a text of the definition. */
    @FunctionalInterface
    interface Compilation<T> {
        T run() throws InvalidExpression;
    }
}
