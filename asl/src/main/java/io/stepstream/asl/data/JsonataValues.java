package io.stepstream.asl.data;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.JsonataExpression.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between Jackson's trees and the plain collections of the JSONata library, where Java's null is "nothing". */
final class JsonataValues {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonataValues() {}

    /** A value that an expression can be given; JSON's null is the library's own null object at the top. */
    static Object from(JsonNode node) {
        var value = inner(node);
        return value == null ? Jsonata.NULL_VALUE : value;
    }

    private static @Nullable Object inner(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                node.properties().forEach(field -> map.put(field.getKey(), inner(field.getValue())));
                yield map;
            }
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>(node.size());
                node.forEach(element -> list.add(inner(element)));
                yield list;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            case NULL, MISSING, BINARY, POJO -> null;
        };
    }

    /** JSONata's numbers are doubles; the library wants whole ones as int or long. */
    private static Number number(JsonNode node) {
        if (node.canConvertToInt() && node.canConvertToExactIntegral()) {
            return node.intValue();
        }
        if (node.canConvertToLong() && node.canConvertToExactIntegral()) {
            return node.longValue();
        }
        return node.doubleValue();
    }

    static Result result(@Nullable Object value) {
        if (value == null) {
            return new Result.Undefined();
        }
        return node(value).<Result>map(Result.Value::new).orElseGet(Result.Unsupported::new);
    }

    /** The tree of a value; empty if it is not JSON. */
    private static Optional<JsonNode> node(@Nullable Object value) {
        return switch (value) {
            case null -> Optional.of(NODES.nullNode());
            case Map<?, ?> map -> {
                var node = NODES.objectNode();
                for (var entry : map.entrySet()) {
                    var field = node(entry.getValue());
                    if (field.isEmpty()) {
                        yield Optional.empty();
                    }
                    node.set(String.valueOf(entry.getKey()), field.get());
                }
                yield Optional.of(node);
            }
            case List<?> list -> {
                var node = NODES.arrayNode(list.size());
                for (var element : list) {
                    var item = node(element);
                    if (item.isEmpty()) {
                        yield Optional.empty();
                    }
                    node.add(item.get());
                }
                yield Optional.of(node);
            }
            case String text -> Optional.of(NODES.textNode(text));
            case Boolean truth -> Optional.of(NODES.booleanNode(truth));
            case Number number -> Optional.of(number(number));
            default -> value == Jsonata.NULL_VALUE ? Optional.of(NODES.nullNode()) : Optional.empty();
        };
    }

    /** A node of the kind that parsing the number's text would give, so that equal numbers are equal nodes. */
    private static JsonNode number(Number number) {
        var value = number.doubleValue();
        if (value != Math.rint(value) || Math.abs(value) >= 1L << 53) {
            return NODES.numberNode(value);
        }
        var whole = number.longValue();
        return whole == (int) whole ? NODES.numberNode((int) whole) : NODES.numberNode(whole);
    }

    /** AWS's {@code $parse}: the value of a JSON text. */
    static Object parse(String text) {
        try {
            return from(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("$parse: not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
