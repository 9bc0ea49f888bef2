package io.stepstream.asl.definition;

import static io.stepstream.asl.definition.FieldRule.Shape.*;
import static io.stepstream.asl.definition.StateType.*;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.JsonataTemplate;
import io.stepstream.asl.data.Timestamps;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
            row("Next", STRING, EnumSet.of(PASS, TASK, WAIT, PARALLEL)),
            row("End", BOOLEAN, EnumSet.of(PASS, TASK, WAIT, PARALLEL)),
            jsonPath("InputPath", STRING_OR_NULL, EnumSet.complementOf(EnumSet.of(FAIL))),
            jsonPath("OutputPath", STRING_OR_NULL, EnumSet.complementOf(EnumSet.of(FAIL))),
            jsonPath("Parameters", ANY, EnumSet.of(PASS, TASK, PARALLEL)),
            jsonPath("ResultSelector", ANY, EnumSet.of(TASK, PARALLEL)),
            jsonPath("ResultPath", STRING_OR_NULL, EnumSet.of(PASS, TASK, PARALLEL)),
            row("Assign", OBJECT, EnumSet.complementOf(EnumSet.of(SUCCEED, FAIL))),
            jsonata("Arguments", ANY, EnumSet.of(TASK, PARALLEL)),
            jsonata("Output", ANY, EnumSet.complementOf(EnumSet.of(FAIL))),
            row("Retry", ARRAY, EnumSet.of(TASK, PARALLEL)),
            row("Catch", ARRAY, EnumSet.of(TASK, PARALLEL)),
            jsonPath("Result", ANY, EnumSet.of(PASS)),
            row("Resource", STRING, EnumSet.of(TASK)),
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
            row("Branches", NON_EMPTY_ARRAY, EnumSet.of(PARALLEL)));

    /** Fields of which a state has at most one, or exactly one. One row a rule. */
    static final List<Choose> CHOICES = List.of(
            new Choose(1, EnumSet.of(PASS, TASK, WAIT, PARALLEL), List.of("Next", "End")),
            new Choose(1, EnumSet.of(WAIT), List.of("Seconds", "SecondsPath", "Timestamp", "TimestampPath")),
            new Choose(1, EnumSet.of(TASK), List.of("Resource")),
            new Choose(1, EnumSet.of(CHOICE), List.of("Choices")),
            new Choose(1, EnumSet.of(PARALLEL), List.of("Branches")),
            new Choose(0, EnumSet.of(TASK), List.of("TimeoutSeconds", "TimeoutSecondsPath")),
            new Choose(0, EnumSet.of(TASK), List.of("HeartbeatSeconds", "HeartbeatSecondsPath")),
            new Choose(0, EnumSet.of(FAIL), List.of("Error", "ErrorPath")),
            new Choose(0, EnumSet.of(FAIL), List.of("Cause", "CausePath")));

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
        ANY("JSON") {
            @Override
            boolean fits(JsonNode value) {
                return true;
            }
        },
        STRING("String") {
            @Override
            boolean fits(JsonNode value) {
                return value.isTextual();
            }
        },
        STRING_OR_NULL("String or null") {
            @Override
            boolean fits(JsonNode value) {
                return value.isTextual() || value.isNull();
            }
        },
        LANGUAGE("one of [JSONPath, JSONata]") {
            @Override
            boolean fits(JsonNode value) {
                return Set.of("JSONPath", "JSONata").contains(value.asText());
            }
        },
        BOOLEAN("Boolean") {
            @Override
            boolean fits(JsonNode value) {
                return value.isBoolean();
            }
        },
        OBJECT("Object") {
            @Override
            boolean fits(JsonNode value) {
                return value.isObject();
            }
        },
        ARRAY("Array") {
            @Override
            boolean fits(JsonNode value) {
                return value.isArray();
            }
        },
        NON_EMPTY_ARRAY("Array") {
            @Override
            boolean fits(JsonNode value) {
                return value.isArray();
            }

            @Override
            boolean isTooEmpty(JsonNode value) {
                return value.isEmpty();
            }
        },
        SECONDS("Integer between 1 and 99999999") {
            @Override
            boolean fits(JsonNode value) {
                return isIntegerBetween(value, 1, 99_999_999);
            }
        },
        WAIT_SECONDS("Integer between 0 and 99999999") {
            @Override
            boolean fits(JsonNode value) {
                return isIntegerBetween(value, 0, 99_999_999);
            }
        },
        TIMESTAMP("timestamp") {
            @Override
            boolean fits(JsonNode value) {
                return value.isTextual() && Timestamps.parse(value.asText()).isPresent();
            }

            @Override
            String complaint() {
                return "String does not match RFC3339 timestamp";
            }
        };

        private final String expected;

        Shape(String expected) {
            this.expected = expected;
        }

        abstract boolean fits(JsonNode value);

        boolean isTooEmpty(JsonNode value) {
            return false;
        }

        String complaint() {
            return "Expected value of type " + expected;
        }

        static boolean isIntegerBetween(JsonNode value, long least, long most) {
            return value.isNumber()
                    && value.canConvertToLong()
                    && value.canConvertToExactIntegral()
                    && value.asLong() >= least
                    && value.asLong() <= most;
        }
    }

    /** Checks one object's fields against the rows of its type. */
    static void check(StateType type, QueryLanguage language, ObjectNode state, String path, Findings findings) {
        for (var entry : state.properties()) {
            var rule = ALL.stream()
                    .filter(row -> row.field.equals(entry.getKey()) && row.types.contains(type))
                    .findFirst();
            var at = path + "/" + entry.getKey();
            if (rule.isEmpty()) {
                findings.schema(
                        at,
                        "Field '" + entry.getKey() + "' is not supported in a state of type '" + type + "'",
                        "Remove it");
            } else if (!rule.get().languages.contains(language)) {
                findings.schema(
                        at,
                        "The field '" + entry.getKey() + "' is not supported when 'QueryLanguage' is '" + language
                                + "'",
                        "Use the fields of " + language + ", or set the state's QueryLanguage to the other language");
            } else if (language == QueryLanguage.JSON_PATH || !isExpression(entry.getValue())) {
                rule.get().checkValue(entry.getValue(), at, findings);
            }
        }
        for (var choose : CHOICES) {
            if (choose.types.contains(type)) {
                checkChosen(choose, state, path, findings);
            }
        }
    }

    private static boolean isExpression(JsonNode value) {
        return value.isTextual() && JsonataTemplate.isExpression(value.asText());
    }

    void checkValue(JsonNode value, String at, Findings findings) {
        if (!shape.fits(value)) {
            findings.schema(at, shape.complaint(), "Give '" + field + "' a value of the form: " + shape.expected);
        } else if (shape.isTooEmpty(value)) {
            findings.schema(at, "Value cannot be empty", "Give '" + field + "' at least one entry");
        }
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
            findings.schema(
                    path,
                    "Only one of these fields is allowed: " + choose.fields + ", but these are given: " + given,
                    "Keep one of them");
        } else if (given.size() < choose.fewest) {
            var message = choose.fields.size() == 1
                    ? "These fields are required: " + choose.fields
                    : "One of these fields is required: " + choose.fields;
            findings.schema(path, message, "Add it");
        }
    }
}
