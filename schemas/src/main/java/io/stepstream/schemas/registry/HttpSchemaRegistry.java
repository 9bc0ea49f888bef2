package io.stepstream.schemas.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * A registry that is reached by Confluent's REST API. Both directions are cached for good: an id never changes its schema.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final Duration patience;
    private final HttpClient http;
    private final Map<Subjected, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final AskedOnce<Subjected, Integer> registering = new AskedOnce<>();
    private final AskedOnce<Integer, Schema> reading = new AskedOnce<>();

    /**
     * @param base where the API's {@code subjects} and {@code schemas} are, for instance {@code http://127.0.0.1:8081}; a user
     *     and password in it are sent as basic authentication
     */
    public HttpSchemaRegistry(URI base) {
        this(base, REQUEST_TIMEOUT);
    }

    /**
     * @param base as above
     * @param patience how long to wait for an answer
     */
    public HttpSchemaRegistry(URI base, Duration patience) {
        this.base = base;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    @Override
    public int register(String subject, Schema schema) {
        Subjected key = new Subjected(subject, schema);
        Integer known = ids.get(key);
        return known == null ? registering.ask(key, () -> registered(key, subject, schema)) : known;
    }

    private int registered(Subjected key, String subject, Schema schema) {
        String path = "/subjects/" + URLEncoder.encode(subject, UTF_8).replace("+", "%20") + "/versions";
        OptionalInt registered = registeredAs(subject, schema, path);
        int id = registered.isPresent() ? registered.getAsInt() : post(subject, schema, path);
        ids.put(key, id);
        schemas.putIfAbsent(id, schema);
        return id;
    }

    /**
     * The id of the subject's latest schema, if this is it. If it is another one that this cannot read, that is told here: not every
     * registry refuses it (Apicurio's default level is NONE), and none but us says the difference in the same words everywhere.
     */
    private OptionalInt registeredAs(String subject, Schema schema, String path) {
        HttpResponse<String> response = exchange(request(path + "/latest").GET());
        if (response.statusCode() == 404) {
            return OptionalInt.empty();
        }
        if (response.statusCode() != 200) {
            throw unusable(response);
        }
        Schema latest = schema(response);
        JsonNode id = parse(response).path("id");
        if (latest.equals(schema) && id.isInt()) {
            return OptionalInt.of(id.intValue());
        }
        List<String> differences = SchemaDifferences.between(schema, latest);
        if (!differences.isEmpty()) {
            throw new IncompatibleSchema(
                    "Schema " + schema.getFullName() + " cannot read what was written by the latest"
                            + " schema of subject " + subject + " at " + place() + ": " + String.join("; ", differences)
                            + ". Run the version that registered it, or a later one; or keep this one on topics of its own");
        }
        return OptionalInt.empty();
    }

    private int post(String subject, Schema schema, String path) {
        String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
        HttpResponse<String> response = exchange(request(path).POST(BodyPublishers.ofString(body)));
        return switch (response.statusCode()) {
            case 200 -> {
                JsonNode id = parse(response).path("id");
                if (!id.isInt()) {
                    throw unusable(response);
                }
                yield id.intValue();
            }
            case 409, 422 ->
                throw new IncompatibleSchema("The schema registry refuses schema " + schema.getFullName()
                        + " for subject " + subject + ": " + message(response));
            default -> throw unusable(response);
        };
    }

    @Override
    public Schema byId(int id) {
        Schema known = schemas.get(id);
        return known == null ? reading.ask(id, () -> read(id)) : known;
    }

    private Schema read(int id) {
        HttpResponse<String> response = exchange(request("/schemas/ids/" + id).GET());
        return switch (response.statusCode()) {
            case 200 -> {
                Schema schema = schema(response);
                schemas.put(id, schema);
                yield schema;
            }
            case 404 -> throw missing(id, response);
            default -> throw unusable(response);
        };
    }

    /** Only by the registry's own code: a proxy, or a wrong path in our setting, says 404 too, and then records are not at fault. */
    private RuntimeException missing(int id, HttpResponse<String> response) {
        return parse(response).path("error_code").asInt() == SCHEMA_NOT_FOUND
                ? new UnknownSchema(
                        "The schema registry at " + place() + " has no schema with id " + id + ": " + message(response))
                : unusable(response);
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString().replaceFirst("://[^/@]*@", "://").replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(patience)
                .header("Accept", MEDIA_TYPE)
                .header("Content-Type", MEDIA_TYPE);
        if (base.getUserInfo() != null) {
            String credentials =
                    Base64.getEncoder().encodeToString(base.getUserInfo().getBytes(UTF_8));
            request.header("Authorization", "Basic " + credentials);
        }
        return request;
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new RegistryUnavailable("The schema registry at " + place() + " cannot be reached: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("Interrupted while asking the schema registry at " + place(), e);
        }
    }

    private Schema schema(HttpResponse<String> response) {
        JsonNode text = parse(response).path("schema");
        try {
            return new Schema.Parser().parse(text.asText());
        } catch (SchemaParseException e) {
            throw new RegistryUnavailable(
                    "The schema registry at " + place() + " answered "
                            + response.uri().getPath() + " with what is no Avro schema: " + e.getMessage(),
                    e);
        }
    }

    private JsonNode parse(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw unusable(response);
        }
    }

    private static String message(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body()).path("message").asText(response.body());
        } catch (JsonProcessingException e) {
            return response.body();
        }
    }

    private RegistryUnavailable unusable(HttpResponse<String> response) {
        String body = response.body();
        return new RegistryUnavailable(
                "The schema registry at " + place() + " answered "
                        + response.request().method() + " "
                        + response.uri().getPath() + " with status " + response.statusCode() + ": "
                        + body.substring(0, Math.min(300, body.length())),
                null);
    }

    /** The address as it may be shown: without credentials. */
    private String place() {
        return base.getScheme() + "://" + base.getAuthority().replaceFirst("^.*@", "") + base.getPath();
    }

    private record Subjected(String subject, Schema schema) {}
}
