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
import io.stepstream.asl.data.Uses;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the fields of one object of a definition; what is wrong with a field is found, and the field then left out. */
final class FieldReader {

    /** AWS's rule for a variable's name; further characters are let pass, but no expression can refer to it then. */
    private static final Pattern VARIABLE = Pattern.compile("[\\p{L}_][^.$]{0,79}(\\.\\$)?");

    private static final Pattern REFERABLE = Pattern.compile("[\\p{L}\\p{N}_]+(\\.\\$)?");

    private final ObjectNode object;
    private final String path;
    private final Findings findings;
    private final String inState;

    FieldReader(ObjectNode object, String path, Findings findings) {
        this(object, path, findings, "");
    }

    private FieldReader(ObjectNode object, String path, Findings findings, String inState) {
        this.object = object;
        this.path = path;
        this.findings = findings;
        this.inState = inState;
    }

    /** The object in this field. */
    Optional<FieldReader> inside(String field) {
        return value(field)
                .filter(ObjectNode.class::isInstance)
                .map(inner -> new FieldReader((ObjectNode) inner, at(field), findings, inState + field + "/"));
    }

    ObjectNode json() {
        return object;
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
                findings.add(Rule.UNSUPPORTED_FIELD, path, name);
            }
        });
    }

    /** Finds what of these is missing. */
    void require(String... required) {
        var missing = Arrays.stream(required).filter(name -> !object.has(name)).toList();
        if (!missing.isEmpty()) {
            findings.add(Rule.REQUIRED_FIELDS, path, missing);
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

    /** The one of some words that the field has; any other value is a finding. */
    <E extends Enum<E>> Optional<E> oneOf(String field, Class<E> words) {
        var written = text(field);
        var known = written.flatMap(text -> Arrays.stream(words.getEnumConstants())
                .filter(word -> word.name().equals(text))
                .findFirst());
        if (written.isPresent() && known.isEmpty()) {
            findings.add(Rule.VALUE_CHOICE, at(field), field, List.of(words.getEnumConstants()));
        }
        return known;
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
        var path = text(field).flatMap(text -> compiled(field, () -> Path.compile(text), Rule.PATH));
        path.ifPresent(known -> refers(known.uses(), field));
        return path;
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
        return text.flatMap(written -> compiled(field, () -> ReferencePath.compile(written), Rule.REFERENCE_PATH))
                .<ResultPath>map(ResultPath.Put::new)
                .orElseGet(ResultPath.Replace::new);
    }

    /** What the field was compiled to looks at these variables. */
    void refers(Uses uses, String field) {
        findings.references().add(uses.variables(), at(field));
    }

    Optional<PayloadTemplate> template(String field) {
        var template = value(field)
                .filter(value -> !value.isNull())
                .map(value ->
                        PayloadTemplate.compile(value, (place, problem) -> findings.add(problem, at(field) + place)));
        template.ifPresent(known -> refers(known.uses(), field));
        return template;
    }

    Optional<PayloadTemplate> assign() {
        return variables() ? template("Assign") : Optional.empty();
    }

    /** JSON with JSONata expressions. */
    Optional<JsonataTemplate> jsonata(String field) {
        var template = value(field)
                .map(value -> JsonataTemplate.compile(
                        inState + field, value, (place, problem) -> findings.add(problem, at(field) + place)));
        template.ifPresent(known -> known.references((place, variables) ->
                findings.references().add(variables, path + "/" + place.substring(inState.length()))));
        return template;
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
                        findings.add(Rule.VARIABLE_NAME, at(field), name);
                    } else if (!REFERABLE.matcher(name).matches()) {
                        findings.add(Rule.VARIABLE_OUT_OF_REACH, at(field), name);
                    }
                }));
        return value(field).filter(JsonNode::isObject).isPresent();
    }

    /** What a compilation gives; if it gives nothing, the rule is broken: its texts get the arguments, and the reason behind them. */
    <T> Optional<T> compiled(String field, Compilation<T> compilation, Rule rule, Object... arguments) {
        try {
            return Optional.of(compilation.run());
        } catch (InvalidExpression e) {
            var all = Arrays.copyOf(arguments, arguments.length + 1, Object[].class);
            all[arguments.length] = String.valueOf(e.getMessage());
            findings.add(rule, at(field), all);
            return Optional.empty();
        }
    }

    /** Compiles a text of the definition. */
    @FunctionalInterface
    interface Compilation<T> {
        T run() throws InvalidExpression;
    }
}
