package io.stepstream.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** JSON in and out of the gateway. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // What passes through keeps the digits it came with.
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * The tree of a text.
     *
     * @param error what to answer if the text is not exactly one JSON value; the message then says where
     */
    public static JsonNode parse(String text, ApiError error) throws ApiException {
        try {
            var tree = MAPPER.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw new ApiException(error, "JSON was expected and there is none: the text is empty");
            }
            return tree;
        } catch (JsonProcessingException e) {
            var where = e.getLocation() == null
                    ? ""
                    : " at line %d, column %d"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr());
            throw new ApiException(error, "Malformed JSON%s: %s".formatted(where, e.getOriginalMessage()));
        }
    }

    /** The JSON object of a text. */
    public static ObjectNode parseObject(String text) throws ApiException {
        if (parse(text, ApiError.MALFORMED) instanceof ObjectNode object) {
            return object;
        }
        throw new ApiException(ApiError.MALFORMED, "A JSON object was expected at the top of the body");
    }

    /** The object of a text that we have written ourselves. */
    public static ObjectNode ours(String text) {
        try {
            return MAPPER.readValue(text, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was kept as JSON is none: " + e.getOriginalMessage(), e);
        }
    }

    /** An empty object to be filled and sent. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The compact text of a tree, in UTF-8. */
    public static byte[] bytes(JsonNode tree) {
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }
}
