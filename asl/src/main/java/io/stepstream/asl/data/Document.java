package io.stepstream.asl.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value, held as text, as a tree, or as both; each is made from the other at most once. A payload that only passes
 * through is therefore never parsed. The tree must not be modified: it is shared.
 */
public final class Document {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // 1.0 stays 1.0: a payload that passes through is not rewritten.
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** How deep a document may be nested: half of what Jackson writes, so that a state's evaluations have room around it. */
    static final int MAX_NESTING = 500;

    /** The document {@code {}}. */
    public static final Document EMPTY_OBJECT = ofTrusted("{}");

    private @Nullable String text;
    private @Nullable JsonNode tree;

    private Document(@Nullable String text, @Nullable JsonNode tree) {
        this.text = text;
        this.tree = tree;
    }

    /** The document of a tree that nobody will modify. */
    public static Document of(JsonNode tree) {
        return new Document(null, tree);
    }

    /**
     * The document of a JSON text from outside.
     *
     * @throws MalformedJson if the text is not exactly one JSON value
     */
    public static Document parse(String text) throws MalformedJson {
        try {
            var tree = MAPPER.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw new MalformedJson("no JSON value: the text is empty");
            }
            if (isDeeper(tree, MAX_NESTING)) {
                throw new MalformedJson("the JSON is nested deeper than " + MAX_NESTING);
            }
            return new Document(text, tree);
        } catch (JsonProcessingException e) {
            throw new MalformedJson(e.getOriginalMessage());
        } catch (NumberFormatException e) {
            // The parser lets this through as it comes from BigDecimal.
            throw new MalformedJson("a number has an exponent of too many digits");
        }
    }

    /** The document of a JSON text that is known to be well formed, because we wrote it; parsed when its tree is asked for. */
    public static Document ofTrusted(String text) {
        return new Document(text, null);
    }

    /** The JSON text, compact if it was made here, as it came if it was parsed. */
    public String text() {
        var known = text;
        if (known == null) {
            known = String.valueOf(tree);
            text = known;
        }
        return known;
    }

    /** The tree; not to be modified. */
    public JsonNode tree() {
        var known = tree;
        if (known == null) {
            try {
                known = MAPPER.readTree(text());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a trusted document is not JSON: " + e.getOriginalMessage(), e);
            }
            tree = known;
        }
        return known;
    }

    /**
     * Size of the text in UTF-8 bytes, the unit of every payload limit. A document that was made here and is nested too deep to be written
     * is larger than any limit.
     */
    public int bytes() {
        if (text == null && isDeeper(tree(), MAX_NESTING)) {
            return Integer.MAX_VALUE;
        }
        return text().getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isDeeper(JsonNode node, int most) {
        if (!node.isContainerNode()) {
            return false;
        }
        if (most == 0) {
            return true;
        }
        for (var child : node) {
            if (isDeeper(child, most - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Equal when the trees are: formatting does not count, the kind of a number does. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Document that
                && (this == that || text().equals(that.text()) || tree().equals(that.tree()));
    }

    @Override
    public int hashCode() {
        return tree().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
