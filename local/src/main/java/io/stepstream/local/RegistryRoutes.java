package io.stepstream.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.local.InMemorySchemaRegistry.Version;
import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.schemas.registry.SchemaDifferences;
import io.stepstream.schemas.registry.UnknownSchema;
import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry's REST API: paths, bodies and error codes are Confluent's. */
final class RegistryRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryRoutes.class);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final String LEVEL = "BACKWARD";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalRegistry registry;

    RegistryRoutes(LocalRegistry registry) {
        this.registry = registry;
    }

    void add(HttpRouting.Builder routing) {
        routing.get(
                        "/subjects",
                        (in, out) -> send(out, strings(registry.content().subjects())))
                .post("/subjects/{subject}", this::find)
                .get("/subjects/{subject}/versions", this::versions)
                .post("/subjects/{subject}/versions", this::register)
                .get("/subjects/{subject}/versions/{version}", (in, out) -> send(out, describe(version(in))))
                .get("/schemas/ids/{id}", this::byId)
                .get("/schemas/types", (in, out) -> send(out, strings(List.of("AVRO"))))
                .post("/compatibility/subjects/{subject}/versions/{version}", this::compatibility)
                .get("/config", RegistryRoutes::config)
                .put("/config", RegistryRoutes::setConfig)
                .get("/config/{subject}", RegistryRoutes::config)
                .error(Refusal.class, (in, out, e) -> refuse(out, e))
                .error(UnknownSchema.class, (in, out, e) -> refuse(out, new Refusal(404, 40403, e.getMessage())))
                .error(IncompatibleSchema.class, (in, out, e) -> refuse(out, new Refusal(409, 409, e.getMessage())))
                .error(KafkaException.class, RegistryRoutes::unavailable);
    }

    private void register(ServerRequest in, ServerResponse out) {
        Version version = registry.register(parameter(in, "subject"), schema(in));
        send(out, JSON.createObjectNode().put("id", version.id()));
    }

    private void find(ServerRequest in, ServerResponse out) {
        Schema schema = schema(in);
        versionsOf(in);
        Version found = registry.content()
                .known(parameter(in, "subject"), schema)
                .orElseThrow(() -> new Refusal(404, 40403, "Schema not found"));
        send(out, describe(found));
    }

    private void versions(ServerRequest in, ServerResponse out) {
        ArrayNode numbers = JSON.createArrayNode();
        versionsOf(in).forEach(version -> numbers.add(version.version()));
        send(out, numbers);
    }

    private void byId(ServerRequest in, ServerResponse out) {
        String text = parameter(in, "id");
        if (!text.matches("[0-9]{1,9}")) {
            throw new Refusal(404, 404, "A schema id is a number, not " + text);
        }
        Schema schema = registry.content().byId(Integer.parseInt(text));
        send(out, JSON.createObjectNode().put("schema", schema.toString()));
    }

    private void compatibility(ServerRequest in, ServerResponse out) {
        Schema schema = schema(in);
        List<String> differences = SchemaDifferences.between(schema, version(in).schema());
        ObjectNode answer = JSON.createObjectNode().put("is_compatible", differences.isEmpty());
        answer.set("messages", strings(differences));
        send(out, answer);
    }

    private static void config(ServerRequest in, ServerResponse out) {
        send(out, JSON.createObjectNode().put("compatibilityLevel", LEVEL));
    }

    private static void setConfig(ServerRequest in, ServerResponse out) {
        String level = body(in).path("compatibility").asText();
        if (!level.equals(LEVEL)) {
            throw new Refusal(422, 42203, "This registry keeps to compatibility " + LEVEL + ", not " + level);
        }
        send(out, JSON.createObjectNode().put("compatibility", LEVEL));
    }

    private Version version(ServerRequest in) {
        List<Version> versions = versionsOf(in);
        String text = parameter(in, "version");
        if (text.equals("latest")) {
            return versions.getLast();
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new Refusal(422, 42202, "A version is a number from 1, or latest, not " + text);
        }
        int number = Integer.parseInt(text);
        if (number > versions.size()) {
            throw new Refusal(404, 40402, "Version " + number + " not found");
        }
        return versions.get(number - 1);
    }

    private List<Version> versionsOf(ServerRequest in) {
        String subject = parameter(in, "subject");
        List<Version> versions = registry.content().versions(subject);
        if (versions.isEmpty()) {
            throw new Refusal(404, 40401, "Subject '" + subject + "' not found");
        }
        return versions;
    }

    private static Schema schema(ServerRequest in) {
        JsonNode body = body(in);
        if (!body.path("schemaType").asText("AVRO").equals("AVRO")) {
            throw new Refusal(422, 42201, "This registry holds AVRO schemas only");
        }
        try {
            return new Schema.Parser().parse(body.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new Refusal(422, 42201, "Not an Avro schema: " + e.getMessage());
        }
    }

    private static JsonNode body(ServerRequest in) {
        try {
            return JSON.readTree(in.content().as(byte[].class));
        } catch (JsonProcessingException e) {
            throw new Refusal(400, 400, "The body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Refusal(400, 400, "The body cannot be read: " + e);
        }
    }

    private static String parameter(ServerRequest in, String name) {
        return in.path().pathParameters().get(name);
    }

    private static ObjectNode describe(Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema().toString());
    }

    private static ArrayNode strings(List<String> texts) {
        ArrayNode array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static void unavailable(ServerRequest in, ServerResponse out, KafkaException e) {
        LOG.warn("{} {} failed at the broker", in.prologue().method(), in.path().path(), e);
        refuse(out, new Refusal(500, 50001, "The registry's topic cannot be reached: " + e.getMessage()));
    }

    private static void refuse(ServerResponse out, Refusal refusal) {
        out.status(refusal.status);
        send(out, JSON.createObjectNode().put("error_code", refusal.code).put("message", refusal.getMessage()));
    }

    private static void send(ServerResponse out, JsonNode body) {
        out.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
        out.send(body.toString());
    }

    /** An answer that is an error of Confluent's. */
    private static final class Refusal extends RuntimeException {

        private final int status;
        private final int code;

        Refusal(int status, int code, @Nullable String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }
    }
}
