package io.stepstream.asl.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The intrinsic functions of the language, with what each takes.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html">Intrinsic functions</a>
 */
enum IntrinsicFunction {
    ARRAY("States.Array", 0, Integer.MAX_VALUE, Kind.ANY),
    ARRAY_PARTITION("States.ArrayPartition", 2, 2, Kind.ARRAY, Kind.NUMBER),
    ARRAY_CONTAINS("States.ArrayContains", 2, 2, Kind.ARRAY, Kind.ANY),
    ARRAY_RANGE("States.ArrayRange", 3, 3, Kind.NUMBER),
    ARRAY_GET_ITEM("States.ArrayGetItem", 2, 2, Kind.ARRAY, Kind.NUMBER),
    ARRAY_LENGTH("States.ArrayLength", 1, 1, Kind.ARRAY),
    ARRAY_UNIQUE("States.ArrayUnique", 1, 1, Kind.ARRAY),
    BASE64_ENCODE("States.Base64Encode", 1, 1, Kind.STRING),
    BASE64_DECODE("States.Base64Decode", 1, 1, Kind.STRING),
    HASH("States.Hash", 2, 2, Kind.ANY, Kind.STRING),
    JSON_MERGE("States.JsonMerge", 3, 3, Kind.OBJECT, Kind.OBJECT, Kind.BOOLEAN),
    STRING_TO_JSON("States.StringToJson", 1, 1, Kind.STRING),
    JSON_TO_STRING("States.JsonToString", 1, 1, Kind.ANY),
    MATH_RANDOM("States.MathRandom", 2, 3, Kind.NUMBER),
    MATH_ADD("States.MathAdd", 2, 2, Kind.NUMBER),
    STRING_SPLIT("States.StringSplit", 2, 2, Kind.STRING),
    UUID("States.UUID", 0, 0, Kind.ANY),
    FORMAT("States.Format", 1, Integer.MAX_VALUE, Kind.STRING, Kind.ANY);

    /** The kind of value an argument must be. */
    enum Kind {
        ANY,
        STRING,
        NUMBER,
        BOOLEAN,
        ARRAY,
        OBJECT;

        boolean holds(com.fasterxml.jackson.databind.JsonNode value) {
            return switch (this) {
                case ANY -> true;
                case STRING -> value.isTextual();
                case NUMBER -> value.isNumber();
                case BOOLEAN -> value.isBoolean();
                case ARRAY -> value.isArray();
                case OBJECT -> value.isObject();
            };
        }
    }

    private static final Map<String, IntrinsicFunction> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(f -> f.name, Function.identity()));

    private final String name;
    private final int fewest;
    private final int most;
    private final List<Kind> kinds;

    IntrinsicFunction(String name, int fewest, int most, Kind... kinds) {
        this.name = name;
        this.fewest = fewest;
        this.most = most;
        this.kinds = List.of(kinds);
    }

    static IntrinsicFunction named(String name) throws InvalidExpression {
        var function = BY_NAME.get(name);
        if (function == null) {
            throw new InvalidExpression("there is no intrinsic function '" + name + "'");
        }
        return function;
    }

    /** What kind the argument at this place must be; the last kind goes for all that follow. */
    Kind kind(int index) {
        return kinds.get(Math.min(index, kinds.size() - 1));
    }

    /** What can be known of a call before it is made: the number of arguments, and the kinds of literal ones. */
    void check(List<Selection> arguments) throws InvalidExpression {
        if (arguments.size() < fewest || arguments.size() > most) {
            throw new InvalidExpression(name + " takes " + (fewest == most ? "" : "at least ") + fewest
                    + " arguments, not " + arguments.size());
        }
        for (var i = 0; i < arguments.size(); i++) {
            if (arguments.get(i) instanceof Selection.Literal(var value, var written) && !kind(i).holds(value)) {
                throw new InvalidExpression("argument " + (i + 1) + " of " + name + " must be a "
                        + kind(i).name().toLowerCase(java.util.Locale.ROOT) + " or a path, not " + written);
            }
        }
    }
}
