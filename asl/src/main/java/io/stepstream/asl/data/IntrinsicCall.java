package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.UUID;

/** Carries out the calls of intrinsic functions. */
final class IntrinsicCall {

    /** Most items States.ArrayRange makes, and most characters the coding functions take: AWS's limits. */
    static final int MAX_RANGE = 1_000;

    static final int MAX_CODED = 10_000;

    private static final Set<String> DIGESTS = Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

    private final Selection.Call call;
    private final List<JsonNode> arguments;
    private final Scope scope;

    private IntrinsicCall(Selection.Call call, List<JsonNode> arguments, Scope scope) {
        this.call = call;
        this.arguments = arguments;
        this.scope = scope;
    }

    static JsonNode value(Selection.Call call, Scope scope) throws StatesFailure {
        var values = new ArrayList<JsonNode>(call.arguments().size());
        for (var argument : call.arguments()) {
            values.add(argument(call, argument, scope));
        }
        var made = new IntrinsicCall(call, Collections.unmodifiableList(values), scope);
        made.checkKinds();
        return made.value();
    }

    private static JsonNode argument(Selection.Call call, Selection argument, Scope scope) throws StatesFailure {
        if (argument instanceof Selection.Find(var path)) {
            try {
                return path.read(scope);
            } catch (Path.NotFound _) {
                throw StatesFailure.runtime("The function '" + call.text()
                        + "' had the following error: The JsonPath argument" + " for the field '" + path
                        + "' could not be found in the input '" + scope.root() + "'");
            }
        }
        return argument.value("", scope);
    }

    private void checkKinds() throws StatesFailure {
        for (var i = 0; i < arguments.size(); i++) {
            var kind = call.function().kind(i);
            if (!kind.holds(arguments.get(i))) {
                throw failure("argument " + (i + 1) + " must be of type "
                        + kind.name().toLowerCase(Locale.ROOT) + ", but was: " + arguments.get(i));
            }
        }
    }

    private JsonNode value() throws StatesFailure {
        return switch (call.function()) {
            case ARRAY -> Json.NODES.arrayNode().addAll(arguments);
            case ARRAY_PARTITION -> partition();
            case ARRAY_CONTAINS -> Json.NODES.booleanNode(contains(argument(0), argument(1)));
            case ARRAY_RANGE -> range();
            case ARRAY_GET_ITEM -> item();
            case ARRAY_LENGTH -> Json.number(argument(0).size());
            case ARRAY_UNIQUE -> unique();
            case BASE64_ENCODE -> text(Base64.getEncoder().encodeToString(coded(0).getBytes(StandardCharsets.UTF_8)));
            case BASE64_DECODE -> decode();
            case HASH -> hash();
            case JSON_MERGE -> merge();
            case STRING_TO_JSON -> parse();
            case JSON_TO_STRING -> text(argument(0).toString());
            case MATH_RANDOM -> random();
            case MATH_ADD -> Json.number(inRange(integer(0) + integer(1)));
            case STRING_SPLIT -> split();
            case UUID -> text(uuid().toString());
            case FORMAT -> format();
        };
    }

    private JsonNode partition() throws StatesFailure {
        var size = integer(1);
        if (size < 1) {
            throw failure("the chunk size must be a positive integer, but was: " + argument(1));
        }
        var parts = Json.NODES.arrayNode();
        var items = argument(0);
        for (var i = 0; i < items.size(); i++) {
            if (i % size == 0) {
                parts.addArray();
            }
            ((com.fasterxml.jackson.databind.node.ArrayNode) parts.get(parts.size() - 1)).add(items.get(i));
        }
        return parts;
    }

    private static boolean contains(JsonNode items, JsonNode wanted) {
        for (var item : items) {
            if (Json.same(item, wanted)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode range() throws StatesFailure {
        var first = integer(0);
        var last = integer(1);
        var step = integer(2);
        if (step == 0) {
            throw failure("the increment must not be 0");
        }
        var count = Math.max(0, (last - first) / step + 1);
        if ((last - first < 0) != (step < 0) && last != first) {
            count = 0;
        }
        if (count > MAX_RANGE) {
            throw failure("the array would have " + count + " items; at most " + MAX_RANGE + " are allowed");
        }
        var items = Json.NODES.arrayNode();
        for (var i = 0; i < count; i++) {
            items.add(Json.number(first + i * step));
        }
        return items;
    }

    private JsonNode item() throws StatesFailure {
        var index = integer(1);
        if (index < 0 || index >= argument(0).size()) {
            throw failure("the index " + index + " is outside of the array of "
                    + argument(0).size() + " items");
        }
        return argument(0).get((int) index);
    }

    private JsonNode unique() {
        var kept = Json.NODES.arrayNode();
        // Hashing finds equal values; a number is hashed by its value, however it is written.
        var seen = new java.util.HashSet<Object>();
        for (var item : argument(0)) {
            if (seen.add(item.isNumber() ? item.decimalValue().stripTrailingZeros() : item)) {
                kept.add(item);
            }
        }
        return kept;
    }

    private JsonNode decode() throws StatesFailure {
        try {
            var bytes = Base64.getDecoder().decode(coded(0));
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text(decoded.toString());
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw failure("the input is not the Base64 of a UTF-8 text");
        }
    }

    private JsonNode hash() throws StatesFailure {
        var algorithm = argument(1).asText();
        if (!DIGESTS.contains(algorithm)) {
            throw failure("the algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, but was: " + algorithm);
        }
        var data = argument(0).isTextual() ? coded(0) : argument(0).toString();
        try {
            var digest = MessageDigest.getInstance(algorithm).digest(data.getBytes(StandardCharsets.UTF_8));
            return text(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    private JsonNode merge() throws StatesFailure {
        if (argument(2).asBoolean()) {
            throw failure("deep merging is not supported: the third argument must be false");
        }
        var merged = Json.copyOf((ObjectNode) argument(0));
        merged.setAll((ObjectNode) argument(1));
        return merged;
    }

    private JsonNode parse() throws StatesFailure {
        var json = argument(0).asText();
        if (json.isBlank()) {
            return Json.NODES.nullNode();
        }
        try {
            return Document.parse(json).tree();
        } catch (MalformedJson e) {
            throw failure("the input is not JSON: " + e.getMessage());
        }
    }

    private JsonNode random() throws StatesFailure {
        var start = integer(0);
        var end = integer(1);
        if (start >= end) {
            throw failure("the start " + start + " must be less than the end " + end);
        }
        var source =
                arguments.size() == 3 ? new Random(integer(2)) : scope.context().random();
        return Json.number(source.nextLong(start, end));
    }

    private JsonNode split() {
        var parts = Json.NODES.arrayNode();
        var tokens = new StringTokenizer(argument(0).asText(), argument(1).asText());
        while (tokens.hasMoreTokens()) {
            parts.add(tokens.nextToken());
        }
        return parts;
    }

    private UUID uuid() {
        var random = scope.context().random();
        var high = (random.nextLong() & ~0xF000L) | 0x4000L;
        var low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low);
    }

    private JsonNode format() throws StatesFailure {
        var template = call.arguments().getFirst() instanceof Selection.Literal literal
                ? literal.written()
                : argument(0).asText();
        var formatted = new StringBuilder();
        var next = 1;
        for (var i = 0; i < template.length(); i++) {
            var here = template.charAt(i);
            if (here == '\\' && i + 1 < template.length() && "'{}\\".indexOf(template.charAt(i + 1)) >= 0) {
                formatted.append(template.charAt(++i));
            } else if (template.startsWith("{}", i)) {
                if (next >= arguments.size()) {
                    throw failure(
                            "the template has more placeholders than the " + (arguments.size() - 1) + " arguments");
                }
                formatted.append(Json.inText(argument(next++)));
                i++;
            } else {
                formatted.append(here);
            }
        }
        if (next < arguments.size()) {
            throw failure(
                    "the template has " + (next - 1) + " placeholders for " + (arguments.size() - 1) + " arguments");
        }
        return text(formatted.toString());
    }

    private JsonNode argument(int index) {
        return arguments.get(index);
    }

    /** A number rounded half up, as AWS does with every argument that should be an integer: -0.5 becomes 0. */
    private long integer(int index) throws StatesFailure {
        var rounded = Math.floor(argument(index).doubleValue() + 0.5);
        if (Math.abs(rounded) > Integer.MAX_VALUE + 1.0) {
            throw failure("the number " + argument(index) + " is out of range");
        }
        return inRange((long) rounded);
    }

    private long inRange(long value) throws StatesFailure {
        if (value != (int) value) {
            throw failure("the number " + value + " is not between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE);
        }
        return value;
    }

    private String coded(int index) throws StatesFailure {
        var value = argument(index).asText();
        if (value.length() > MAX_CODED) {
            throw failure("the input has " + value.length() + " characters; at most " + MAX_CODED + " are allowed");
        }
        return value;
    }

    private static JsonNode text(String value) {
        return Json.NODES.textNode(value);
    }

    private StatesFailure failure(String what) {
        return new StatesFailure(StatesError.of(
                "States.IntrinsicFailure", "The function '" + call.text() + "' had the following error: " + what));
    }
}
