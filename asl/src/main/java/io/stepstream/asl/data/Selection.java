package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;

/** What the value of a {@code .$} key, an ErrorPath or an intrinsic function's argument says: a path, a literal, or a function's call. */
sealed interface Selection {

    /** A path. */
    record Find(Path path) implements Selection {}

    /**
     * A literal.
     *
     * @param written a string as written between its quotes, for the one function that reads escapes itself
     */
    record Literal(JsonNode value, String written) implements Selection {}

    /** A call of an intrinsic function; its text is what AWS quotes in errors. */
    record Call(IntrinsicFunction function, java.util.List<Selection> arguments, String text) implements Selection {
        public Call {
            arguments = java.util.List.copyOf(arguments);
        }
    }

    /** Reads a path or an intrinsic function's call. */
    static Selection compile(String text) throws InvalidExpression {
        return Path.looksLikeOne(text) ? new Find(Path.compile(text)) : IntrinsicReader.read(text);
    }

    default Uses uses() {
        return switch (this) {
            case Find(var path) -> path.uses();
            case Literal _ -> Uses.NOTHING;
            case Call call -> call.arguments().stream().map(Selection::uses).reduce(Uses.NOTHING, Uses::and);
        };
    }

    /** Whether it looks at the data at hand. */
    default boolean readsData() {
        return switch (this) {
            case Find(var path) -> path.isOfData();
            case Literal _ -> false;
            case Call call -> call.arguments().stream().anyMatch(Selection::readsData);
        };
    }

    /**
     * The value.
     *
     * @param field the field whose value this is, for the error's text
     */
    default JsonNode value(String field, Scope scope) throws StatesFailure {
        return switch (this) {
            case Find(var path) -> {
                try {
                    yield path.read(scope);
                } catch (Path.NotFound _) {
                    throw StatesFailure.runtime("The JSONPath '" + path + "' specified for the field '" + field
                            + "' could not be found in the input '" + scope.root() + "'");
                }
            }
            case Literal(var value, var _) -> value;
            case Call call -> IntrinsicCall.value(call, scope);
        };
    }
}
