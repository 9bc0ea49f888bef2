package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The comparison operators of choice rules. A value of another type than the operator's makes the comparison false. */
public enum ChoiceOperator {
    STRING_EQUALS("StringEquals", Type.STRING, order -> order == 0),
    STRING_LESS_THAN("StringLessThan", Type.STRING, order -> order < 0),
    STRING_GREATER_THAN("StringGreaterThan", Type.STRING, order -> order > 0),
    STRING_LESS_THAN_EQUALS("StringLessThanEquals", Type.STRING, order -> order <= 0),
    STRING_GREATER_THAN_EQUALS("StringGreaterThanEquals", Type.STRING, order -> order >= 0),
    STRING_MATCHES("StringMatches", Type.PATTERN, order -> order == 0),
    NUMERIC_EQUALS("NumericEquals", Type.NUMBER, order -> order == 0),
    NUMERIC_LESS_THAN("NumericLessThan", Type.NUMBER, order -> order < 0),
    NUMERIC_GREATER_THAN("NumericGreaterThan", Type.NUMBER, order -> order > 0),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Type.NUMBER, order -> order <= 0),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Type.NUMBER, order -> order >= 0),
    BOOLEAN_EQUALS("BooleanEquals", Type.BOOLEAN, order -> order == 0),
    TIMESTAMP_EQUALS("TimestampEquals", Type.TIMESTAMP, order -> order == 0),
    TIMESTAMP_LESS_THAN("TimestampLessThan", Type.TIMESTAMP, order -> order < 0),
    TIMESTAMP_GREATER_THAN("TimestampGreaterThan", Type.TIMESTAMP, order -> order > 0),
    TIMESTAMP_LESS_THAN_EQUALS("TimestampLessThanEquals", Type.TIMESTAMP, order -> order <= 0),
    TIMESTAMP_GREATER_THAN_EQUALS("TimestampGreaterThanEquals", Type.TIMESTAMP, order -> order >= 0),
    IS_NULL("IsNull", JsonNode::isNull),
    IS_PRESENT("IsPresent", value -> true),
    IS_NUMERIC("IsNumeric", JsonNode::isNumber),
    IS_STRING("IsString", JsonNode::isTextual),
    IS_BOOLEAN("IsBoolean", JsonNode::isBoolean),
    IS_TIMESTAMP("IsTimestamp", ChoiceOperator::isTimestamp);

    /** What an operator compares. */
    public enum Type {
        STRING,
        /** A string with a pattern of {@code *}. */
        PATTERN,
        NUMBER,
        BOOLEAN,
        TIMESTAMP,
        /** What a value is, with whether it should be. */
        TEST;

        /** Whether the operator's constant is of the right type. */
        public boolean accepts(JsonNode operand) {
            return switch (this) {
                case STRING, PATTERN -> operand.isTextual();
                case NUMBER -> operand.isNumber();
                case BOOLEAN, TEST -> operand.isBoolean();
                case TIMESTAMP -> isTimestamp(operand);
            };
        }

        /** What the constant must be, as definitions call it. */
        public String jsonType() {
            return switch (this) {
                case STRING, PATTERN, TIMESTAMP -> "String";
                case NUMBER -> "Number";
                case BOOLEAN, TEST -> "Boolean";
            };
        }

        /** Whether there is a form of these operators that takes its operand from a path. */
        public boolean hasPathForm() {
            return this != PATTERN && this != TEST;
        }
    }

    private static final Map<String, ChoiceOperator> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(operator -> operator.fieldName, Function.identity()));

    private final String fieldName;
    private final Type type;
    private final IntPredicate accepted;
    private final Predicate<JsonNode> test;

    ChoiceOperator(String fieldName, Type type, IntPredicate accepted) {
        this.fieldName = fieldName;
        this.type = type;
        this.accepted = accepted;
        this.test = value -> false;
    }

    /** A test of what a value is. */
    ChoiceOperator(String fieldName, Predicate<JsonNode> test) {
        this.fieldName = fieldName;
        this.type = Type.TEST;
        this.accepted = order -> false;
        this.test = test;
    }

    /** The operator of this field name, without Path. */
    public static Optional<ChoiceOperator> named(String fieldName) {
        return Optional.ofNullable(BY_NAME.get(fieldName));
    }

    public Type type() {
        return type;
    }

    boolean holds(JsonNode value, JsonNode operand) {
        return switch (type) {
            case TEST -> test.test(value) == operand.asBoolean();
            case PATTERN -> value.isTextual() && operand.isTextual() && matches(value.asText(), operand.asText());
            case STRING -> compare(value, operand, Comparator.comparing(JsonNode::asText));
            case NUMBER -> compare(value, operand, Comparator.comparing(JsonNode::decimalValue));
            case BOOLEAN -> compare(value, operand, Comparator.comparing(JsonNode::asBoolean));
            case TIMESTAMP ->
                compare(
                        value,
                        operand,
                        Comparator.comparing(
                                node -> Timestamps.parse(node.asText()).orElseThrow()));
        };
    }

    private boolean compare(JsonNode value, JsonNode operand, Comparator<JsonNode> order) {
        return type.accepts(value) && type.accepts(operand) && accepted.test(order.compare(value, operand));
    }

    private static boolean isTimestamp(JsonNode value) {
        return value.isTextual() && Timestamps.parse(value.asText()).isPresent();
    }

    /**
     * Whether a text matches a pattern in which {@code *} stands for any characters, {@code \*} for a star and {@code \\} for a
     * backslash. It goes back only to the last star, so its time is bounded by the product of the lengths.
     */
    static boolean matches(String text, String pattern) {
        var at = 0;
        var in = 0;
        var star = -1;
        var resume = 0;
        while (at < text.length()) {
            var escaped = isEscape(pattern, in);
            if (!escaped && in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                resume = at;
            } else if (in < pattern.length() && pattern.charAt(escaped ? in + 1 : in) == text.charAt(at)) {
                in += escaped ? 2 : 1;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }

    private static boolean isEscape(String pattern, int at) {
        return at + 1 < pattern.length()
                && pattern.charAt(at) == '\\'
                && (pattern.charAt(at + 1) == '*' || pattern.charAt(at + 1) == '\\');
    }
}
