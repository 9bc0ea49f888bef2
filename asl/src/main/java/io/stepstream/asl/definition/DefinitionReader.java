package io.stepstream.asl.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.FieldRule.Shape;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a definition's text. */
final class DefinitionReader {

    /** Largest definition, in UTF-8 bytes; AWS's limit. */
    static final int MAX_BYTES = 1_048_576;

    /** How deep a definition's JSON may be nested; enough for the deepest branches, and no stack overflows. */
    static final int MAX_JSON_NESTING = 200;

    /** Most digits of a number. */
    static final int MAX_DIGITS = 100;

    private static final Set<String> FIELDS =
            Set.of("Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage");
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_JSON_NESTING)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Pattern UNKNOWN_TOKEN = Pattern.compile("Unrecognized token '([^']*)'");

    private final Findings findings = new Findings();

    private DefinitionReader() {}

    static Parsed read(String text, WorkflowType type) {
        return new DefinitionReader().parsed(text, type);
    }

    private Parsed parsed(String text, WorkflowType type) {
        if (tree(text) instanceof ObjectNode definition) {
            checkFields(definition);
            var graph = new GraphReader(findings, type, language(definition)).read(definition, "");
            new VariableRules(findings).check(definition);
            if (graph.isPresent() && !findings.anyError()) {
                var timeout = definition.path("TimeoutSeconds");
                var machine = new StateMachine(
                        java.util.Optional.ofNullable(definition.get("Comment")).map(JsonNode::asText),
                        graph.get(),
                        timeout.isNumber() ? OptionalLong.of(timeout.asLong()) : OptionalLong.empty(),
                        taskNames(definition),
                        findings.references().byState());
                return new Parsed.Valid(machine, findings.all());
            }
        } else if (!findings.anyError()) {
            findings.add(Rule.DEFINITION_OBJECT, "");
        }
        return new Parsed.Invalid(findings.all());
    }

    private static QueryLanguage language(ObjectNode definition) {
        return QueryLanguage.named(definition.path("QueryLanguage").asText());
    }

    private JsonNode tree(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            findings.add(Rule.DEFINITION_SIZE, "", MAX_BYTES);
            return MAPPER.missingNode();
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            var location = placeAsAwsHasIt(e);
            findings.add(
                    Rule.JSON, location, location.isEmpty() ? e.getOriginalMessage() : e.getOriginalMessage() + "\n at " + location);
            return MAPPER.missingNode();
        }
    }

    /** AWS's Jackson, which is older, points behind a token that it does not know; ours points to its beginning. */
    private static String placeAsAwsHasIt(JsonProcessingException e) {
        var location = e.getLocation();
        if (location == null) {
            return "";
        }
        var unknown = UNKNOWN_TOKEN.matcher(String.valueOf(e.getOriginalMessage()));
        var length = unknown.lookingAt() ? unknown.group(1).length() : 0;
        return new JsonLocation(
                        location.contentReference(),
                        -1,
                        location.getCharOffset() + length,
                        location.getLineNr(),
                        location.getColumnNr() + length)
                .toString();
    }

    private void checkFields(ObjectNode definition) {
        for (var entry : definition.properties()) {
            var field = entry.getKey();
            var value = entry.getValue();
            var shape = switch (field) {
                case "Comment", "Version" -> Shape.STRING;
                case "TimeoutSeconds" -> Shape.SECONDS;
                case "QueryLanguage" -> Shape.LANGUAGE;
                default -> Shape.ANY;
            };
            shape.check(field, value, "/" + field, findings);
            if (!FIELDS.contains(field)) {
                findings.add(Rule.UNSUPPORTED_FIELD, "/", field);
            }
        }
        if (definition.has("Version") && !definition.path("Version").asText().equals("1.0")) {
            findings.add(Rule.VERSION, "/Version");
        }
    }

    /** The names that the definition itself tells, in all of its branches and processors; what an expression gives, only a run tells. */
    private static Set<String> taskNames(JsonNode json) {
        var names = new TreeSet<String>();
        if (json.path("Type").asText().equals("Task") && json.path("Resource").isTextual()) {
            var parameters = Document.of(json.has("Arguments") ? json.path("Arguments") : json.path("Parameters"));
            ResourceReader.read(json.path("Resource").asText())
                    .flatMap(resource -> resource.taskName(parameters))
                    .filter(name -> !name.startsWith("{%"))
                    .ifPresent(names::add);
        }
        if (json.has("ItemReader")) {
            names.add(BuiltInTasks.ITEM_READER);
        }
        if (json.path("ResultWriter").has("Resource")) {
            names.add(BuiltInTasks.RESULT_WRITER);
        }
        for (var field : List.of("States", "Branches")) {
            json.path(field).forEach(inner -> names.addAll(taskNames(inner)));
        }
        for (var field : List.of("ItemProcessor", "Iterator")) {
            if (json.path(field).isObject()) {
                names.addAll(taskNames(json.path(field)));
            }
        }
        return names;
    }
}
