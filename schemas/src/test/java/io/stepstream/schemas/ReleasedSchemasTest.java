package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.registry.SchemaDifferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Today's schemas read what every released version wrote: a history is kept for ever. A release keeps its schemas in a folder of
 * {@code src/test/resources/released}, which {@code -Dschemas.release=<version>} writes; released folders are never changed.
 */
class ReleasedSchemasTest {

    private static final Path RELEASED = Path.of("src/test/resources/released");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyReleasedSchemaIsStillRead() throws IOException {
        String release = System.getProperty("schemas.release", "");
        if (!release.isEmpty()) {
            write(RELEASED.resolve(release));
        }
        Map<String, Schema> today =
                SampleRecords.schemas().collect(Collectors.toMap(Schema::getFullName, schema -> schema));
        List<Path> released;
        try (Stream<Path> files = Files.walk(RELEASED)) {
            released = files.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(released).isNotEmpty();
        var differences = new TreeMap<String, List<String>>();
        for (Path file : released) {
            Schema then = new Schema.Parser().parse(Files.readString(file));
            Schema now = today.get(then.getFullName());
            List<String> found = now == null
                    ? List.of("there is no " + then.getFullName() + " any more")
                    : SchemaDifferences.between(now, then);
            if (!found.isEmpty()) {
                differences.put(RELEASED.relativize(file).toString(), found);
            }
        }
        assertThat(differences).isEmpty();
    }

    /** What would be done by mistake, and what the check above says of it. */
    @Test
    void anIncompatibleChangeIsFoundWithItsDifference() throws IOException {
        Schema request = SampleRecords.schemas()
                .filter(schema -> schema.getName().equals("TaskRequest"))
                .findFirst()
                .orElseThrow();

        ObjectNode retyped = (ObjectNode) JSON.readTree(request.toString());
        field(retyped, "attempt").put("type", "string");
        assertThat(SchemaDifferences.between(parse(retyped), request))
                .singleElement()
                .asString()
                .startsWith("TYPE_MISMATCH at /fields/")
                .contains("reader type: STRING not compatible with writer type: INT");

        ObjectNode added = (ObjectNode) JSON.readTree(request.toString());
        ((ArrayNode) added.get("fields")).addObject().put("name", "priority").put("type", "int");
        assertThat(SchemaDifferences.between(parse(added), request))
                .singleElement()
                .asString()
                .startsWith("READER_FIELD_MISSING_DEFAULT_VALUE at /fields/")
                .contains("priority");

        ObjectNode compatible = (ObjectNode) JSON.readTree(request.toString());
        ((ArrayNode) compatible.get("fields"))
                .addObject()
                .put("name", "priority")
                .put("type", "int")
                .put("default", 0);
        assertThat(SchemaDifferences.between(parse(compatible), request)).isEmpty();
    }

    private static ObjectNode field(ObjectNode record, String name) {
        List<JsonNode> fields = new ArrayList<>();
        record.get("fields").forEach(fields::add);
        return (ObjectNode) fields.stream()
                .filter(field -> field.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Schema parse(JsonNode schema) {
        return new Schema.Parser().parse(schema.toString());
    }

    private static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Schema schema : SampleRecords.schemas().toList()) {
            Files.writeString(folder.resolve(schema.getName() + ".avsc"), schema.toString(true) + "\n");
        }
    }
}
