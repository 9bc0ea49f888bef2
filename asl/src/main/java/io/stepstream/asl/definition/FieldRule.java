package io.stepstream.asl.definition;

import static io.stepstream.asl.definition.FieldRule.Shape.*;
import static io.stepstream.asl.definition.StateType.*;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.JsonataTemplate;
import io.stepstream.asl.data.PathExpression;
import io.stepstream.asl.data.Timestamps;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fields of states: which types have them, and what their values look like. One row a field.
 *
 * @see <a href="https://states-language.net/spec.html">Amazon States Language</a>
 */
record FieldRule(String field, Shape shape, Set<StateType> types, Set<QueryLanguage> languages) {

    static final List<FieldRule> ALL = List.of(
            row("Type", STRING, EnumSet.allOf(StateType.class)),
            row("Comment", STRING, EnumSet.allOf(StateType.class)),
            row("QueryLanguage", LANGUAGE, EnumSet.allOf(StateType.class)),
            row("Next", STRING, EnumSet.of(PASS, TASK, WAIT, PARALLEL, MAP)),
            row("End", BOOLEAN, EnumSet.of(PASS, TASK, WAIT, PARALLEL, MAP)),
            jsonPath("InputPath", STRING_OR_NULL, EnumSet.complementOf(EnumSet.of(FAIL))),
            jsonPath("OutputPath", STRING_OR_NULL, EnumSet.complementOf(EnumSet.of(FAIL))),
            jsonPath("Parameters", ANY, EnumSet.of(PASS, TASK, PARALLEL, MAP)),
            jsonPath("ResultSelector", ANY, EnumSet.of(TASK, PARALLEL, MAP)),
            jsonPath("ResultPath", STRING_OR_NULL, EnumSet.of(PASS, TASK, PARALLEL, MAP)),
            row("Assign", OBJECT, EnumSet.complementOf(EnumSet.of(SUCCEED, FAIL))),
            jsonata("Arguments", ANY, EnumSet.of(TASK, PARALLEL)),
            jsonata("Output", ANY, EnumSet.complementOf(EnumSet.of(FAIL))),
            row("Retry", ARRAY, EnumSet.of(TASK, PARALLEL, MAP)),
            row("Catch", ARRAY, EnumSet.of(TASK, PARALLEL, MAP)),
            jsonPath("Result", ANY, EnumSet.of(PASS)),
            row("Resource", RESOURCE, EnumSet.of(TASK)),
            row("TimeoutSeconds", SECONDS, EnumSet.of(TASK)),
            jsonPath("TimeoutSecondsPath", STRING, EnumSet.of(TASK)),
            row("HeartbeatSeconds", SECONDS, EnumSet.of(TASK)),
            jsonPath("HeartbeatSecondsPath", STRING, EnumSet.of(TASK)),
            row("Credentials", OBJECT, EnumSet.of(TASK)),
            row("Choices", NON_EMPTY_ARRAY, EnumSet.of(CHOICE)),
            row("Default", STRING, EnumSet.of(CHOICE)),
            row("Seconds", WAIT_SECONDS, EnumSet.of(WAIT)),
            jsonPath("SecondsPath", STRING, EnumSet.of(WAIT)),
            row("Timestamp", TIMESTAMP, EnumSet.of(WAIT)),
            jsonPath("TimestampPath", STRING, EnumSet.of(WAIT)),
            row("Error", STRING, EnumSet.of(FAIL)),
            jsonPath("ErrorPath", STRING, EnumSet.of(FAIL)),
            row("Cause", STRING, EnumSet.of(FAIL)),
            jsonPath("CausePath", STRING, EnumSet.of(FAIL)),
            row("Branches", NON_EMPTY_ARRAY, EnumSet.of(PARALLEL)),
            row("ItemProcessor", GRAPH, EnumSet.of(MAP)),
            row("Iterator", GRAPH, EnumSet.of(MAP)),
            jsonPath("ItemsPath", STRING, EnumSet.of(MAP)),
            jsonata("Items", ITEMS, EnumSet.of(MAP)),
            row("ItemSelector", ANY, EnumSet.of(MAP)),
            row("MaxConcurrency", NOT_NEGATIVE, EnumSet.of(MAP)),
            jsonPath("MaxConcurrencyPath", STRING, EnumSet.of(MAP)),
            row("ToleratedFailureCount", NOT_NEGATIVE, EnumSet.of(MAP)),
            jsonPath("ToleratedFailureCountPath", STRING, EnumSet.of(MAP)),
            row("ToleratedFailurePercentage", PERCENTAGE, EnumSet.of(MAP)),
            jsonPath("ToleratedFailurePercentagePath", STRING, EnumSet.of(MAP)),
            row("Label", STRING, EnumSet.of(MAP)),
            row("ItemReader", OBJECT, EnumSet.of(MAP)),
            row("ItemBatcher", OBJECT, EnumSet.of(MAP)),
            row("ResultWriter", OBJECT, EnumSet.of(MAP)));

    /** Fields of which a state has at most one, or exactly one. One row a rule. */
    static final List<Choose> CHOICES = List.of(
            new Choose(1, EnumSet.of(PASS, TASK, WAIT, PARALLEL, MAP), List.of("Next", "End")),
            new Choose(1, EnumSet.of(WAIT), List.of("Seconds", "SecondsPath", "Timestamp", "TimestampPath")),
            new Choose(1, EnumSet.of(TASK), List.of("Resource")),
            new Choose(1, EnumSet.of(CHOICE), List.of("Choices")),
            new Choose(1, EnumSet.of(PARALLEL), List.of("Branches")),
            new Choose(1, EnumSet.of(MAP), List.of("ItemProcessor", "Iterator")),
            new Choose(0, EnumSet.of(MAP), List.of("ItemSelector", "Parameters")),
            new Choose(0, EnumSet.of(MAP), List.of("MaxConcurrency", "MaxConcurrencyPath")),
            new Choose(0, EnumSet.of(MAP), List.of("ToleratedFailureCount", "ToleratedFailureCountPath")),
            new Choose(0, EnumSet.of(MAP), List.of("ToleratedFailurePercentage", "ToleratedFailurePercentagePath")),
            new Choose(0, EnumSet.of(TASK), List.of("TimeoutSeconds", "TimeoutSecondsPath")),
            new Choose(0, EnumSet.of(TASK), List.of("HeartbeatSeconds", "HeartbeatSecondsPath")),
            new Choose(0, EnumSet.of(FAIL), List.of("Error", "ErrorPath")),
            new Choose(0, EnumSet.of(FAIL), List.of("Cause", "CausePath")));

    private static final List<String> LANGUAGES =
            Arrays.stream(QueryLanguage.values()).map(QueryLanguage::toString).toList();

    private static FieldRule row(String field, Shape shape, Set<StateType> types) {
        return new FieldRule(field, shape, types, EnumSet.allOf(QueryLanguage.class));
    }

    private static FieldRule jsonPath(String field, Shape shape, Set<StateType> types) {
        return new FieldRule(field, shape, types, EnumSet.of(QueryLanguage.JSON_PATH));
    }

    private static FieldRule jsonata(String field, Shape shape, Set<StateType> types) {
        return new FieldRule(field, shape, types, EnumSet.of(QueryLanguage.JSONATA));
    }

    /** At least and at most: between {@code fewest} and one of these fields. */
    record Choose(int fewest, Set<StateType> types, List<String> fields) {}

    /** What a value looks like. */
    enum Shape {
        ANY("JSON", value -> true),
        STRING("String", JsonNode::isTextual),
        RESOURCE("String", value -> ResourceReader.text(value).isPresent()),
        STRING_OR_NULL("String", value -> value.isTextual() || value.isNull()),
        LANGUAGE("String", JsonNode::isTextual),
        BOOLEAN("Boolean", JsonNode::isBoolean),
        OBJECT("Object", JsonNode::isObject),
        /** States, which no expression gives. */
        GRAPH("Object", JsonNode::isObject),
        ARRAY("Array", JsonNode::isArray),
        NON_EMPTY_ARRAY("Array", JsonNode::isArray),
        SECONDS("Integer", Shape::isInteger),
        WAIT_SECONDS("Integer", Shape::isInteger),
        NOT_NEGATIVE("Integer", Shape::isInteger),
        POSITIVE("Integer", Shape::isInteger),
        PERCENTAGE("Number", JsonNode::isNumber),
        ITEMS("Array or Object", JsonNode::isContainerNode),
        TIMESTAMP("String", JsonNode::isTextual);

        private final String type;
        private final Predicate<JsonNode> fits;

        Shape(String type, Predicate<JsonNode> fits) {
            this.type = type;
            this.fits = fits;
        }

        /** Finds what is wrong with a field's value. */
        void check(String field, JsonNode value, String at, Findings findings) {
            if (!fits.test(value)) {
                findings.add(Rule.VALUE_TYPE, at, type);
                return;
            }
            switch (this) {
                case LANGUAGE -> oneOf(field, value, LANGUAGES, at, findings);
                case NON_EMPTY_ARRAY -> {
                    if (value.isEmpty()) {
                        findings.add(Rule.VALUE_EMPTY, at);
                    }
                }
                case SECONDS -> range(value, 1, PathExpression.MAX_SECONDS, at, findings);
                case WAIT_SECONDS -> range(value, 0, PathExpression.MAX_SECONDS, at, findings);
                case NOT_NEGATIVE -> range(value, 0, Long.MAX_VALUE, at, findings);
                case POSITIVE -> range(value, 1, Long.MAX_VALUE, at, findings);
                case PERCENTAGE -> range(value, 0, 100, at, findings);
                case TIMESTAMP -> {
                    if (Timestamps.parse(value.asText()).isEmpty()) {
                        findings.add(Rule.TIMESTAMP, at);
                    }
                }
                case ANY, STRING, RESOURCE, STRING_OR_NULL, BOOLEAN, OBJECT, GRAPH, ARRAY, ITEMS -> {}
            }
        }

        static void oneOf(String field, JsonNode value, List<String> allowed, String at, Findings findings) {
            if (!value.isTextual() || !allowed.contains(value.asText())) {
                findings.add(Rule.VALUE_CHOICE, at, field, allowed);
            }
        }

        /** Finds what is no integer, or not in a range. */
        static void integer(JsonNode value, long least, long most, String at, Findings findings) {
            if (isInteger(value)) {
                range(value, least, most, at, findings);
            } else {
                findings.add(Rule.VALUE_TYPE, at, "Integer");
            }
        }

        private static void range(JsonNode value, long least, long most, String at, Findings findings) {
            if (value.decimalValue().compareTo(BigDecimal.valueOf(least)) < 0) {
                findings.add(Rule.VALUE_LOW, at, least, value);
            } else if (value.decimalValue().compareTo(BigDecimal.valueOf(most)) > 0) {
                findings.add(Rule.VALUE_HIGH, at, most, value);
            }
        }

        private static boolean isInteger(JsonNode value) {
            return value.isNumber() && value.canConvertToExactIntegral();
        }
    }

    /** Checks one object's fields against the rows of its type. */
    static void check(StateType type, QueryLanguage language, ObjectNode state, String path, Findings findings) {
        for (var entry : state.properties()) {
            var rule = ALL.stream()
                    .filter(row -> row.field.equals(entry.getKey()) && row.types.contains(type))
                    .findFirst();
            if (rule.isEmpty()) {
                findings.add(Rule.UNSUPPORTED_FIELD, path, entry.getKey());
            } else {
                rule.get().check(language, entry.getValue(), path, findings);
            }
        }
        for (var choose : CHOICES) {
            if (choose.types.contains(type)) {
                checkChosen(choose, state, path, findings);
            }
        }
    }

    /** Checks the field's value in the object at {@code path}, whose type has the field. */
    void check(QueryLanguage language, JsonNode value, String path, Findings findings) {
        if (!languages.contains(language)) {
            findings.add(
                    Rule.OTHER_QUERY_LANGUAGE,
                    path,
                    language,
                    field,
                    languages.iterator().next());
        } else if (language == QueryLanguage.JSON_PATH || shape == Shape.GRAPH || !isExpression(value)) {
            shape.check(field, value, path + "/" + field, findings);
        }
    }

    private static boolean isExpression(JsonNode value) {
        return value.isTextual() && JsonataTemplate.isExpression(value.asText());
    }

    private static void checkChosen(Choose choose, ObjectNode state, String path, Findings findings) {
        var given = choose.fields.stream()
                .filter(state::has)
                // "End": false says nothing.
                .filter(field -> !(field.equals("End")
                        && state.get(field).isBoolean()
                        && !state.get(field).asBoolean()))
                .toList();
        if (given.size() > 1) {
            findings.add(Rule.ONLY_ONE_FIELD, path, choose.fields, given);
        } else if (given.size() < choose.fewest) {
            findings.add(choose.fields.size() == 1 ? Rule.REQUIRED_FIELDS : Rule.ONE_FIELD, path, choose.fields);
        }
    }
}
