package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The single-valued fields of JSONPath states, compiled: SecondsPath, TimestampPath, TimeoutSecondsPath, HeartbeatSecondsPath,
 * ErrorPath, CausePath. Every field has its own words for what is wrong, as AWS has.
 */
public final class PathExpression<T> implements Expression<T> {

    /** Longest that anything can be waited for, in seconds: AWS's limit. */
    public static final long MAX_SECONDS = 99_999_999;

    private final PathFilter inputPath;
    private final Uses uses;
    private final Reading<T> reading;

    private PathExpression(PathFilter inputPath, Uses uses, Reading<T> reading) {
        this.inputPath = inputPath;
        this.uses = inputPath.uses().and(uses);
        this.reading = reading;
    }

    /** Takes a value out of what the state's InputPath lets pass. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Scope scope) throws StatesFailure;
    }

    @Override
    public Evaluated<T> evaluate(Document input, EvaluationContext context) {
        return StatesFailure.caught(
                () -> reading.from(new Scope(inputPath.apply(input, context).tree(), context)));
    }

    @Override
    public Uses uses() {
        return uses;
    }

    /** A Wait state's SecondsPath. */
    public static Expression<Long> waitSeconds(PathFilter inputPath, Path path) {
        return new PathExpression<>(
                inputPath, path.uses(), scope -> seconds("SecondsPath", path, waited("SecondsPath", path, scope)));
    }

    /** A Wait state's TimestampPath. */
    public static Expression<Instant> waitTimestamp(PathFilter inputPath, Path path) {
        return new PathExpression<>(inputPath, path.uses(), scope -> {
            var value = waited("TimestampPath", path, scope);
            Optional<Instant> instant = value.isTextual() ? Timestamps.parse(value.asText()) : Optional.empty();
            var shown = ": " + path + " == " + value.asText(value.toString());
            var parsed = instant.orElseThrow(() -> StatesFailure.runtime(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string"
                            + shown));
            return Timestamps.reachable(
                    parsed,
                    scope.context(),
                    what -> StatesFailure.runtime("The TimestampPath parameter references " + what + shown));
        });
    }

    /** A Wait state's Timestamp. */
    public static Expression<Instant> waitTimestamp(Instant timestamp) {
        return (_, context) -> StatesFailure.caught(() -> Timestamps.reachable(
                timestamp,
                context,
                what -> StatesFailure.runtime("The Timestamp parameter is " + what + ": " + timestamp)));
    }

    /** A Task state's TimeoutSecondsPath or HeartbeatSecondsPath. */
    public static Expression<Long> taskSeconds(String field, PathFilter inputPath, Path path) {
        return new PathExpression<>(inputPath, path.uses(), scope -> {
            var seconds = seconds(field, path, PathFilter.read(path, scope));
            if (seconds == 0) {
                throw StatesFailure.runtime(
                        "The " + field + " parameter must reference a positive value: " + path + " == 0");
            }
            return seconds;
        });
    }

    /** A Fail state's ErrorPath or CausePath: a path or an intrinsic function that gives a string. */
    public static Expression<String> failText(String field, String text) throws InvalidExpression {
        var selection = Selection.compile(text);
        return new PathExpression<>(new PathFilter.Everything(), selection.uses(), scope -> {
            var value = selection.value(field, scope);
            if (!value.isTextual()) {
                throw StatesFailure.runtime(
                        "The value for the field '" + field + "' must be a string, but was: " + value);
            }
            return value.asText();
        });
    }

    /** A template, such as Credentials, evaluated on the state's effective input. */
    public static Expression<Document> template(PathFilter inputPath, PayloadTemplate template) {
        return new Templated(inputPath, template);
    }

    private record Templated(PathFilter inputPath, PayloadTemplate template) implements Expression<Document> {
        @Override
        public Evaluated<Document> evaluate(Document input, EvaluationContext context) {
            return StatesFailure.caught(() -> Document.of(
                    template.value(new Scope(inputPath.apply(input, context).tree(), context))));
        }

        @Override
        public Uses uses() {
            return inputPath.uses().and(template.uses());
        }

        @Override
        public boolean readsInput() {
            return template.readsData() || inputPath instanceof PathFilter.At;
        }
    }

    private static JsonNode waited(String field, Path path, Scope scope) throws StatesFailure {
        try {
            return path.read(scope);
        } catch (Path.NotFound _) {
            throw StatesFailure.runtime("The " + field + " parameter does not reference an input value: " + path);
        }
    }

    private static long seconds(String field, Path path, JsonNode value) throws StatesFailure {
        UnaryOperator<String> said = what -> "The " + field + " parameter " + what + ": " + path + " == "
                + (value.isTextual() ? value.asText() : value.toString());
        // A variable holds a whole number as a string often enough that AWS reads those too.
        var text = value.isTextual() ? value.asText() : value.toString();
        if (!text.matches("-?\\d{1,18}")) {
            throw StatesFailure.runtime(said.apply("cannot be parsed as a long value"));
        }
        var seconds = Long.parseLong(text);
        if (seconds < 0) {
            throw StatesFailure.runtime(said.apply("references a negative value"));
        }
        if (seconds > MAX_SECONDS) {
            throw StatesFailure.runtime(said.apply("references a value greater than " + MAX_SECONDS));
        }
        return seconds;
    }
}
