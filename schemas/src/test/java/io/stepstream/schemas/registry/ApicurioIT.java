package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.DeadLetter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our client against a real Apicurio Registry, by its Confluent API. {@code ./mvnw -Papicurio -pl schemas test -Dtest=ApicurioIT}
 * fetches its published archive; without it this is skipped.
 */
class ApicurioIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    static Path folder;

    private static Process server;
    private static URI api;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apicurio.home", "no-such-folder"));
        Path jar = home.resolve("quarkus-run.jar");
        Assumptions.assumeTrue(
                Files.isRegularFile(jar), () -> jar + " is not there: run with -Papicurio, which unpacks it");
        int port = freePort();
        api = URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        // Else it listens on all addresses.
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=" + freePort(),
                        "-jar",
                        jar.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("apicurio.log").toFile())
                .start();
        awaitAnswer();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void a_record_goes_there_and_back_by_the_id_that_it_gives() throws Exception {
        var letter = new DeadLetter(
                "t",
                0,
                1L,
                ByteBuffer.wrap(new byte[] {1}),
                null,
                "w",
                "E",
                "why",
                Instant.ofEpochMilli(5),
                null,
                null);
        byte[] bytes = new RecordCodec(new HttpSchemaRegistry(api)).encode(Topics.DEAD_LETTERS, letter);
        // Another process, which knows no id yet.
        assertThat(new RecordCodec(new HttpSchemaRegistry(api)).decode(bytes, DeadLetter.class))
                .isEqualTo(letter);
        int id = ByteBuffer.wrap(bytes).getInt(1);
        assertThat(new HttpSchemaRegistry(api).register(Topics.subject(Topics.DEAD_LETTERS), letter.getSchema()))
                .isEqualTo(id);
        // The same schema in another subject has the same id: subjects of task topics rest on that.
        assertThat(new HttpSchemaRegistry(api).register("another-value", letter.getSchema()))
                .isEqualTo(id);
    }

    @Test
    void a_schema_that_does_not_fit_is_refused_though_the_registry_would_take_it() {
        Schema first = SchemaBuilder.record("R").fields().requiredLong("n").endRecord();
        Schema second = SchemaBuilder.record("R").fields().requiredString("n").endRecord();
        var registry = new HttpSchemaRegistry(api);
        assertThat(registry.register("fits-value", first)).isPositive();
        assertThatThrownBy(() -> registry.register("fits-value", second))
                .isInstanceOf(IncompatibleSchema.class)
                .hasMessageContaining("TYPE_MISMATCH at /fields/0/type");
    }

    /** It took no schema with the text {} as a default: "Failed to discover artifact type from content". */
    @ParameterizedTest
    @MethodSource("io.stepstream.schemas.SampleRecords#schemas")
    void it_takes_every_schema_of_ours(Schema schema) {
        assertThat(new HttpSchemaRegistry(api).register(schema.getName() + "-value", schema))
                .isPositive();
    }

    @Test
    void an_id_that_it_has_not_is_unknown() {
        assertThatThrownBy(() -> new HttpSchemaRegistry(api).byId(999_999)).isInstanceOf(UnknownSchema.class);
    }

    /** It says nothing when it is ready; asked for a subject that it has not, it answers that. */
    private static void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            try {
                new HttpSchemaRegistry(api).byId(1);
            } catch (UnknownSchema e) {
                return;
            } catch (RegistryUnavailable e) {
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
        throw new AssertionError("Apicurio does not answer: " + Files.readString(folder.resolve("apicurio.log")));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
