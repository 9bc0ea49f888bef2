package io.stepstream.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.UnknownSchema;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalRegistryTest {

    private static final Schema ONE = parse("{'type':'record','name':'R','fields':[{'name':'a','type':'string'}]}");
    private static final Schema TWO = parse("{'type':'record','name':'R','fields':[{'name':'a','type':'string'},"
            + "{'name':'b','type':'int','default':0}]}");
    private static final Schema BROKEN = parse("{'type':'record','name':'R','fields':[{'name':'a','type':'long'}]}");

    private LocalKafka kafka;
    private LocalRegistry registry;

    @BeforeAll
    void start(@TempDir Path folder) {
        kafka = LocalKafka.start(folder, 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
    }

    @AfterAll
    void stop() {
        registry.close();
        kafka.close();
    }

    @Test
    void ids_are_dense_shared_between_subjects_and_survive_a_restart() {
        HttpSchemaRegistry client = new HttpSchemaRegistry(registry.uri());
        int first = client.register("restart-value", ONE);
        int second = client.register("restart-value", TWO);
        assertThat(second).isEqualTo(first + 1);
        assertThat(client.register("restart-other-value", ONE)).isEqualTo(first);
        registry.close();
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        HttpSchemaRegistry afterwards = new HttpSchemaRegistry(registry.uri());
        assertThat(afterwards.byId(first)).isEqualTo(ONE);
        assertThat(afterwards.register("restart-value", TWO)).isEqualTo(second);
        assertThat(afterwards.register("restart-third-value", Schema.create(Schema.Type.BYTES)))
                .isEqualTo(second + 1);
    }

    @Test
    void a_second_registry_takes_over_and_no_id_is_given_twice() {
        HttpSchemaRegistry first = new HttpSchemaRegistry(registry.uri());
        first.register("two-a-value", ONE);
        try (LocalRegistry other = LocalRegistry.start(kafka.bootstrapServers(), 0)) {
            Schema enumeration = parse("{'type':'enum','name':'E','symbols':['X']}");
            int id = new HttpSchemaRegistry(other.uri()).register("two-b-value", enumeration);
            Schema fixed = parse("{'type':'fixed','name':'F','size':2}");
            assertThatThrownBy(() -> first.register("two-c-value", fixed)).isInstanceOf(RegistryUnavailable.class);
            assertThat(first.register("two-c-value", fixed)).isEqualTo(id + 1);
        }
    }

    @Test
    void without_its_broker_it_still_answers_what_it_knows(@TempDir Path folder) {
        LocalKafka broker = LocalKafka.start(folder, 0);
        try (LocalRegistry alone = LocalRegistry.start(broker.bootstrapServers(), 0)) {
            int id = new HttpSchemaRegistry(alone.uri()).register("kept-value", ONE);
            broker.close();
            HttpSchemaRegistry client = new HttpSchemaRegistry(alone.uri());
            assertThatThrownBy(() -> client.register("new-value", TWO)).isInstanceOf(RegistryUnavailable.class);
            assertThat(client.byId(id)).isEqualTo(ONE);
            assertThat(client.register("kept-value", ONE)).isEqualTo(id);
            assertThatThrownBy(() -> client.byId(id + 1)).isInstanceOf(UnknownSchema.class);
        } finally {
            broker.close();
        }
    }

    @Test
    void an_incompatible_schema_is_refused_with_the_difference() {
        HttpSchemaRegistry client = new HttpSchemaRegistry(registry.uri());
        client.register("strict-value", ONE);
        assertThatThrownBy(() -> client.register("strict-value", BROKEN))
                .isInstanceOf(IncompatibleSchema.class)
                .hasMessageContaining("latest schema of subject strict-value")
                .hasMessageContaining("TYPE_MISMATCH at /fields/0/type");
    }

    @Test
    void the_client_tells_an_unknown_id_from_a_registry_out_of_reach() throws Exception {
        assertThatThrownBy(() -> new HttpSchemaRegistry(registry.uri()).byId(999_999))
                .isInstanceOf(UnknownSchema.class);
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        assertThatThrownBy(() -> new HttpSchemaRegistry(nobody).byId(1)).isInstanceOf(RegistryUnavailable.class);
    }

    @Test
    void records_written_through_it_are_read_through_it() throws Exception {
        byte[] bytes = new RecordCodec(new HttpSchemaRegistry(registry.uri()))
                .encode(Topics.INTERNAL, new Internal(new ContinueExecution(7L)));
        Internal read = new RecordCodec(new HttpSchemaRegistry(registry.uri())).decode(bytes, Internal.class);
        assertThat(read.getBody()).isEqualTo(new ContinueExecution(7L));
    }

    @Test
    void a_port_in_use_is_one_clear_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalRegistry.start(kafka.bootstrapServers(), taken.getLocalPort()))
                    .isInstanceOf(LocalKafkaFailed.class)
                    .hasMessageContaining(
                            "is in use: stop what uses it, or choose another port for the schema registry");
        }
    }

    /** The API as tools see it; subject {@code api-value} has the one schema {@code "string"}. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET  | /subjects/api-value/versions                      |                              | 200 | [1]
            GET  | /subjects/api-value/versions/latest               |                              | 200 | "schema":"\\"string\\""
            GET  | /subjects/api-value/versions/1                    |                              | 200 | "version":1
            GET  | /subjects/api-value/versions/2                    |                              | 404 | "error_code":40402
            GET  | /subjects/api-value/versions/0                    |                              | 422 | "error_code":42202
            GET  | /subjects/nobody/versions                         |                              | 404 | "error_code":40401
            GET  | /subjects/nobody/versions/latest                  |                              | 404 | "error_code":40401
            GET  | /schemas/ids/99999                                |                              | 404 | "error_code":40403
            GET  | /schemas/types                                    |                              | 200 | ["AVRO"]
            GET  | /subjects                                         |                              | 200 | "api-value"
            POST | /subjects/api-value                               | {"schema":"\\"string\\""}    | 200 | "version":1
            POST | /subjects/api-value                               | {"schema":"\\"long\\""}      | 404 | "error_code":40403
            POST | /subjects/api-value/versions                      | {"schema":"\\"long\\""}      | 409 | incompatible with version 1
            POST | /subjects/api-value/versions                      | {"schema":"{nonsense"}       | 422 | "error_code":42201
            POST | /subjects/api-value/versions                      | {}                           | 422 | "error_code":42201
            POST | /subjects/api-value/versions                      | nonsense                     | 400 | "error_code":400
            POST | /subjects/api-value/versions                      | {"schema":"{}","schemaType":"JSON"} | 422 | "error_code":42201
            POST | /compatibility/subjects/api-value/versions/latest | {"schema":"\\"bytes\\""}     | 200 | "is_compatible":true
            POST | /compatibility/subjects/api-value/versions/latest | {"schema":"\\"long\\""}      | 200 | "is_compatible":false
            GET  | /config                                           |                              | 200 | "compatibilityLevel":"BACKWARD"
            PUT  | /config                                           | {"compatibility":"BACKWARD"} | 200 | "compatibility":"BACKWARD"
            PUT  | /config                                           | {"compatibility":"NONE"}     | 422 | "error_code":42203
            """)
    void answers_as_confluents_does(String method, String path, String body, int status, String part) throws Exception {
        new HttpSchemaRegistry(registry.uri()).register("api-value", Schema.create(Schema.Type.STRING));
        HttpRequest request = HttpRequest.newBuilder(registry.uri().resolve(path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).contains(part);
            assertThat(response.statusCode()).isEqualTo(status);
        }
    }

    private static Schema parse(String json) {
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
