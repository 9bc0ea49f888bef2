package io.stepstream.schemas.registry;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** What keeps a schema from reading what another one wrote: Confluent's compatibility {@code BACKWARD}, by Avro's own rules. */
public final class SchemaDifferences {

    private SchemaDifferences() {}

    /** Why this reader's schema cannot read what the writer's wrote, and where; empty if it can. */
    public static List<String> between(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        if (result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return result.getIncompatibilities().stream()
                .map(SchemaDifferences::describe)
                .toList();
    }

    private static String describe(Incompatibility difference) {
        return difference.getType() + " at " + difference.getLocation() + ": " + difference.getMessage();
    }
}
