package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Comparator;

/** JSON values as the language compares and writes them. */
final class Json {

    static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    private static final Comparator<JsonNode> BY_VALUE = (left, right) -> {
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue());
        }
        return left.equals(right) ? 0 : 1;
    };

    private Json() {}

    /** Equal as JSON values: 1 equals 1.0. */
    static boolean same(JsonNode left, JsonNode right) {
        return left.equals(BY_VALUE, right);
    }

    /** A tree's object that may be changed at its top, sharing the values. */
    static ObjectNode copyOf(ObjectNode object) {
        var copy = NODES.objectNode();
        copy.setAll(object);
        return copy;
    }

    static ArrayNode copyOf(ArrayNode array) {
        return NODES.arrayNode(array.size()).addAll(array);
    }

    static JsonNode number(BigDecimal value) {
        var whole = value.stripTrailingZeros();
        if (whole.scale() > 0) {
            return NODES.numberNode(value);
        }
        return whole.precision() - whole.scale() <= 18
                ? number(whole.longValueExact())
                : NODES.numberNode(whole.toBigIntegerExact());
    }

    static JsonNode number(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    /** A value as AWS puts it into a text: strings bare, objects and arrays as Java's maps and lists print. */
    static String inText(JsonNode value) {
        if (!value.isContainerNode()) {
            return value.asText();
        }
        var text = new StringBuilder();
        appendTo(text, value);
        return text.toString();
    }

    private static void appendTo(StringBuilder text, JsonNode value) {
        if (value.isObject()) {
            text.append('{');
            for (var field : value.properties()) {
                separate(text, '{').append(field.getKey()).append('=');
                appendTo(text, field.getValue());
            }
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            for (var item : value) {
                separate(text, '[');
                appendTo(text, item);
            }
            text.append(']');
        } else {
            text.append(value.asText());
        }
    }

    private static StringBuilder separate(StringBuilder text, char opened) {
        return text.charAt(text.length() - 1) == opened ? text : text.append(", ");
    }
}
