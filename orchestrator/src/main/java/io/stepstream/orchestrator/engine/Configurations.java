package io.stepstream.orchestrator.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** AWS's configurations of a resource: a JSON object that is kept and shown, and means nothing here. */
final class Configurations {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Configurations() {}

    /** The configurations of the first, those of the second in their place. */
    static String merged(String before, String changes) {
        var merged = object(before);
        merged.setAll(object(changes));
        return merged.toString();
    }

    private static ObjectNode object(String json) {
        try {
            return MAPPER.readValue(json, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a configuration is no JSON object: " + e.getOriginalMessage(), e);
        }
    }
}
