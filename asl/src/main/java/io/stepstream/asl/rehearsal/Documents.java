package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import java.util.Optional;

/** JSON of a test's parameters. */
final class Documents {
    private Documents() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The tree of a text; empty if it is no JSON. */
    static Optional<JsonNode> tree(String text) {
        try {
            return Optional.of(Document.parse(text).tree());
        } catch (MalformedJson e) {
            return Optional.empty();
        }
    }
}
