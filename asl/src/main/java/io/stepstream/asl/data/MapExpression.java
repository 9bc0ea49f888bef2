package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a Map state that are evaluated when it begins: its items, its concurrency, the failures it tolerates, the sizes of its
 * batches. Every field has its own words for what is wrong, as AWS has.
 */
public final class MapExpression<T> implements Expression<T> {

    /** What a Map may go over. */
    public enum Items {
        ARRAY("array") {
            @Override
            boolean fits(JsonNode value) {
                return value.isArray();
            }
        },
        /** Of a distributed Map: every field of an object is an item too. */
        ARRAY_OR_OBJECT("array or object") {
            @Override
            boolean fits(JsonNode value) {
                return value.isContainerNode();
            }
        };

        private final String named;

        Items(String named) {
            this.named = named;
        }

        abstract boolean fits(JsonNode value);
    }

    private enum NumberType {
        INTEGER("integer"),
        FLOAT("float");

        private final String named;

        NumberType(String named) {
            this.named = named;
        }

        boolean fits(JsonNode value) {
            return value.isNumber() && value.canConvertToLong() && (this == FLOAT || value.canConvertToExactIntegral());
        }
    }

    private final Uses uses;
    private final Reading<T> reading;

    private MapExpression(Uses uses, Reading<T> reading) {
        this.uses = uses;
        this.reading = reading;
    }

    /** Takes the field's value out of a state's raw input. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Document input, EvaluationContext context) throws StatesFailure;
    }

    /** Judges what a field's expression gave. */
    @FunctionalInterface
    private interface Judgement<T> {
        T of(JsonNode value) throws StatesFailure;
    }

    @Override
    public Evaluated<T> evaluate(Document input, EvaluationContext context) {
        return StatesFailure.caught(() -> reading.from(input, context));
    }

    @Override
    public Uses uses() {
        return uses;
    }

    /** ItemsPath, on the effective input; without one, the effective input itself. */
    public static Expression<Document> itemsAt(PathFilter inputPath, Optional<Path> itemsPath, Items allowed) {
        var place = itemsPath.map(Path::toString).orElse("$");
        var uses = itemsPath.map(Path::uses).orElse(Uses.NOTHING);
        return new MapExpression<>(inputPath.uses().and(uses), (input, context) -> {
            var selected = inputPath.apply(input, context);
            var items = itemsPath.isEmpty()
                    ? selected
                    : Document.of(PathFilter.read(itemsPath.get(), new Scope(selected.tree(), context)));
            if (!allowed.fits(items.tree())) {
                throw StatesFailure.runtime("Reference path \"" + place + "\" must point to " + allowed.named + ".");
            }
            return items;
        });
    }

    /** Items of a JSONata state. */
    public static Expression<Document> items(JsonataTemplate template, Items allowed) {
        return new MapExpression<>(template.uses(), (input, context) -> {
            var value = value(template, input, context);
            if (!allowed.fits(value)) {
                throw JsonataValue.unexpected("Items", template, allowed.named, value);
            }
            return Document.of(value);
        });
    }

    /** The items of a JSONata state without Items: its input. */
    public static Expression<Document> itemsOfInput(Items allowed) {
        return new MapExpression<>(Uses.NOTHING, (input, _) -> {
            if (!allowed.fits(input.tree())) {
                throw JsonataScope.failure(
                        "Map state input must be an " + allowed.named + " but was: " + input.text(), "Items");
            }
            return input;
        });
    }

    /** MaxConcurrency: 0 for no bound of its own. */
    public static Expression<Long> maxConcurrencyAt(PathFilter inputPath, Path path) {
        return numberAt("MaxConcurrencyPath", inputPath, path, NumberType.INTEGER, MapExpression::maxConcurrency);
    }

    /** MaxConcurrency of a JSONata state. */
    public static Expression<Long> maxConcurrency(JsonataTemplate template) {
        return number("MaxConcurrency", template, NumberType.INTEGER, MapExpression::maxConcurrency);
    }

    /** ToleratedFailureCount, or another count that may be 0, from its Path. */
    public static Expression<Long> countAt(String field, PathFilter inputPath, Path path) {
        return numberAt(field + "Path", inputPath, path, NumberType.INTEGER, value -> notNegative(field, value));
    }

    /** ToleratedFailureCount, or another count that may be 0, of a JSONata state. */
    public static Expression<Long> count(String field, JsonataTemplate template) {
        return number(field, template, NumberType.INTEGER, value -> notNegative(field, value));
    }

    /** ToleratedFailurePercentage from its Path: 0 to 100. */
    public static Expression<Double> percentageAt(String field, PathFilter inputPath, Path path) {
        return numberAt(field + "Path", inputPath, path, NumberType.FLOAT, value -> percentage(field, value));
    }

    /** ToleratedFailurePercentage of a JSONata state: 0 to 100. */
    public static Expression<Double> percentage(String field, JsonataTemplate template) {
        return number(field, template, NumberType.FLOAT, value -> percentage(field, value));
    }

    /** MaxItems of an ItemReader, from its Path; 0 for no bound. */
    public static Expression<Long> maxItemsAt(PathFilter inputPath, Path path) {
        return numberAt("MaxItemsPath", inputPath, path, NumberType.INTEGER, MapExpression::maxItems);
    }

    /** MaxItems of an ItemReader of a JSONata state; 0 for no bound. */
    public static Expression<Long> maxItems(JsonataTemplate template) {
        return number("MaxItems", template, NumberType.INTEGER, MapExpression::maxItems);
    }

    private static long maxConcurrency(JsonNode value) throws StatesFailure {
        if (value.asLong() < 0) {
            throw StatesFailure.runtime(
                    "Expected non-negative integer for MaxConcurrency, got '" + value + "' instead.");
        }
        return value.asLong();
    }

    private static long notNegative(String field, JsonNode value) throws StatesFailure {
        if (value.asLong() < 0) {
            throw StatesFailure.runtime(field + " cannot be negative.");
        }
        return value.asLong();
    }

    private static double percentage(String field, JsonNode value) throws StatesFailure {
        if (value.asDouble() < 0 || value.asDouble() > 100) {
            throw StatesFailure.runtime(field + " must be between 0 and 100.");
        }
        return value.asDouble();
    }

    private static long maxItems(JsonNode value) throws StatesFailure {
        if (value.asLong() < 0) {
            throw new StatesFailure(StatesError.of(StatesError.ITEM_READER_FAILED, "field MaxItems must be positive"));
        }
        return value.asLong();
    }

    private static <T> Expression<T> numberAt(
            String field, PathFilter inputPath, Path path, NumberType type, Judgement<T> judgement) {
        return new MapExpression<>(inputPath.uses().and(path.uses()), (input, context) -> {
            var selected = inputPath.apply(input, context);
            var found = PathFilter.read(path, new Scope(selected.tree(), context));
            var value = number(found);
            if (!type.fits(value)) {
                throw StatesFailure.runtime("The " + field + " field refers to value \""
                        + (found.isTextual() ? found.asText() : found.toString()) + "\" which is not a valid "
                        + type.named
                        + ": " + path);
            }
            return judgement.of(value);
        });
    }

    /** The value; a number if it is one as a string, which AWS reads too: variables often hold such. */
    private static JsonNode number(JsonNode found) {
        return found.isTextual() && found.asText().matches("-?\\d{1,18}(\\.\\d{1,18})?")
                ? Json.number(new BigDecimal(found.asText()))
                : found;
    }

    private static <T> Expression<T> number(
            String field, JsonataTemplate template, NumberType type, Judgement<T> judgement) {
        return new MapExpression<>(template.uses(), (input, context) -> {
            var value = value(template, input, context);
            if (!type.fits(value)) {
                throw JsonataValue.unexpected(
                        field, template, type == NumberType.INTEGER ? type.named : "number", value);
            }
            try {
                return judgement.of(value);
            } catch (StatesFailure e) {
                throw e.error().name().equals(StatesError.RUNTIME)
                        ? JsonataScope.failure(e.error().message(), field)
                        : e;
            }
        });
    }

    private static JsonNode value(JsonataTemplate template, Document input, EvaluationContext context)
            throws StatesFailure {
        return template.value(new JsonataScope(Map.of("input", input.tree()), context));
    }
}
