package io.stepstream.audit.log;

import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.util.Map;
import org.apache.avro.Schema;

/** The schemas that came with a log. */
record ReadOnlySchemas(Map<Integer, Schema> byId) implements SchemaRegistry {

    ReadOnlySchemas {
        byId = Map.copyOf(byId);
    }

    @Override
    public int register(String subject, Schema schema) {
        throw new UnsupportedOperationException("a log that is read takes no new schemas: " + subject);
    }

    @Override
    public Schema byId(int id) {
        var schema = byId.get(id);
        if (schema == null) {
            throw new UnknownSchema("Schema " + id + " is not among those that came with the log");
        }
        return schema;
    }
}
