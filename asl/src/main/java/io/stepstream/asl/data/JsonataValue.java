package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;

/** The single-valued fields of JSONata states, compiled: Seconds, Timestamp, TimeoutSeconds, Condition, Error, ... */
public final class JsonataValue<T> implements Expression<T> {

    private final JsonataTemplate template;
    private final Reading<T> reading;

    private JsonataValue(JsonataTemplate template, Reading<T> reading) {
        this.template = template;
        this.reading = reading;
    }

    /** Takes the field's value out of what the expression gave. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(JsonNode value, EvaluationContext context) throws StatesFailure;
    }

    @Override
    public Evaluated<T> evaluate(Document input, EvaluationContext context) {
        return StatesFailure.caught(() ->
                reading.from(template.value(new JsonataScope(Map.of("input", input.tree()), context)), context));
    }

    @Override
    public Uses uses() {
        return template.uses();
    }

    @Override
    public boolean readsInput() {
        return template.readsInput();
    }

    /** Credentials and the like: any JSON. */
    public static Expression<Document> json(JsonataTemplate template) {
        return new JsonataValue<>(template, (value, _) -> Document.of(value));
    }

    /** A choice rule's Condition. */
    public static Expression<Boolean> condition(String field, JsonataTemplate template) {
        return new JsonataValue<>(template, (value, _) -> {
            if (!value.isBoolean()) {
                throw unexpected(field, template, "boolean", value);
            }
            return value.asBoolean();
        });
    }

    /** A Fail state's Error or Cause. */
    public static Expression<String> text(String field, JsonataTemplate template) {
        return new JsonataValue<>(template, (value, _) -> {
            if (!value.isTextual()) {
                throw unexpected(field, template, "string", value);
            }
            return value.asText();
        });
    }

    /**
     * Seconds, TimeoutSeconds, HeartbeatSeconds.
     *
     * @param least the smallest that is allowed
     */
    public static Expression<Long> seconds(String field, JsonataTemplate template, long least) {
        return new JsonataValue<>(template, (value, _) -> {
            if (!value.isNumber()) {
                throw unexpected(field, template, "number", value);
            }
            var seconds = value.asDouble();
            if (seconds != Math.rint(seconds) || seconds < least || seconds > PathExpression.MAX_SECONDS) {
                throw JsonataScope.failure(
                        "The " + field + " field must be an integer between " + least + " and "
                                + PathExpression.MAX_SECONDS + ", but was: " + value,
                        field);
            }
            return (long) seconds;
        });
    }

    /** A Wait state's Timestamp. */
    public static Expression<Instant> timestamp(String field, JsonataTemplate template) {
        return new JsonataValue<>(template, (value, context) -> {
            if (!value.isTextual()) {
                throw unexpected(field, template, "string", value);
            }
            var parsed = Timestamps.parse(value.asText())
                    .orElseThrow(() -> JsonataScope.failure(
                            "The " + field
                                    + " field cannot be parsed as an ISO-8601 extended offset date-time format string: "
                                    + value.asText(),
                            field));
            return Timestamps.reachable(
                    parsed,
                    context,
                    what -> JsonataScope.failure("The " + field + " field is " + what + ": " + value.asText(), field));
        });
    }

    static StatesFailure unexpected(String field, JsonataTemplate template, String expected, JsonNode value) {
        var type = switch (value.getNodeType()) {
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING, BINARY -> "null";
        };
        return JsonataScope.failure(
                "The JSONata expression '" + template.shown() + "' specified for the field '" + field
                        + "' returned an unexpected result type. Expected '" + expected + "', but was '" + type
                        + "' for value: " + value,
                field);
    }
}
