package io.stepstream.audit.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Secrets;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Purged;
import java.util.List;

/** The payloads of a record as an auditor may see them: secrets hidden, and what cannot be read marked as such. */
public final class ShownPayloads {
    /** Stands for what is sealed under a key that is not at hand. */
    public static final String SEALED = "***sealed***";

    /** Stands for what has been purged. */
    public static final String PURGED = "***purged***";

    private final List<Payload> payloads;
    private final boolean sealed;

    private ShownPayloads(List<Payload> payloads, boolean sealed) {
        this.payloads = payloads;
        this.sealed = sealed;
    }

    public static ShownPayloads of(HistoryRecord record) {
        return new ShownPayloads(
                record.getPayloads(), SealedRecords.keyId(record).isPresent());
    }

    /** A payload by its index; null as JSON has it if there is none. */
    public JsonNode get(int index) {
        if (index < 0 || index >= payloads.size()) {
            return JsonNodeFactory.instance.nullNode();
        }
        return switch (payloads.get(index).getContent()) {
            case String text -> json(text);
            case Purged _ -> TextNode.valueOf(PURGED);
            // A union's Java type is Object; the one left is Sealed.
            default -> TextNode.valueOf(SEALED);
        };
    }

    /** Whether this stands for a payload that cannot be read. */
    public static boolean isMark(JsonNode shown) {
        return shown.isTextual()
                && (shown.asText().equals(SEALED) || shown.asText().equals(PURGED));
    }

    /** What is shown of a payload once it is known that its key has been destroyed. */
    public static JsonNode purged(JsonNode shown) {
        return shown.asText().equals(SEALED) ? TextNode.valueOf(PURGED) : shown;
    }

    /** A text that may hold secrets, or be sealed with the rest of its record. */
    public String sensitive(String text) {
        return sealed ? SEALED : hidden(text);
    }

    /** A JSON text without its secrets; as a string if it is no JSON, which only a log that was touched holds. */
    public static JsonNode json(String text) {
        var shown = hidden(text);
        try {
            return Document.parse(shown).tree();
        } catch (MalformedJson e) {
            return TextNode.valueOf(shown);
        }
    }

    /** A text without its secrets. */
    public static String hidden(String text) {
        return Secrets.any().hide(text);
    }
}
