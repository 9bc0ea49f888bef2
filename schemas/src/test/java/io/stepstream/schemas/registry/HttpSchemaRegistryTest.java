package io.stepstream.schemas.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSchemaRegistryTest {

    private static final Schema TEXT = Schema.create(Schema.Type.STRING);

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private BeforeAnswer beforeAnswer = () -> {};
    private int status;
    private String body = "";
    private int latestStatus = 404;
    private String latest = "{\"error_code\":40401,\"message\":\"Subject not found\"}";

    private interface BeforeAnswer {
        void run() throws InterruptedException;
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            try {
                beforeAnswer.run();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            boolean asksForLatest = exchange.getRequestURI().getPath().endsWith("/versions/latest");
            byte[] bytes = (asksForLatest ? latest : body).getBytes(UTF_8);
            int code = asksForLatest ? latestStatus : status;
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** It may be started together with what needs it. */
    @Test
    void whatStartsWaitsForIt() {
        status = 503;
        beforeAnswer = () -> {
            if (requests.size() == 6) {
                status = 200;
                body = "{\"id\":7}";
            }
        };
        var registry = new HttpSchemaRegistry(uri(""));
        assertThat(new AwaitedRegistry(registry).register("starts-value", TEXT)).isEqualTo(7);
        assertThat(requests).hasSize(6);
    }

    @Test
    void whatStartsDoesNotWaitForEver() {
        status = 503;
        var impatient = new AwaitedRegistry(new HttpSchemaRegistry(uri("")), Duration.ZERO);
        assertThatThrownBy(() -> impatient.register("starts-value", TEXT)).isInstanceOf(RegistryUnavailable.class);
        assertThat(requests).hasSize(2);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            404 | {"error_code":40403,"message":"Schema 7 not found"} | UnknownSchema
            404 | {"error_code":404,"message":"HTTP 404 Not Found"}   | RegistryUnavailable
            404 | <html>no such page</html>                           | RegistryUnavailable
            401 | {"error_code":401,"message":"Unauthorized"}         | RegistryUnavailable
            500 | {"error_code":50001,"message":"store"}              | RegistryUnavailable
            503 | ``                                                  | RegistryUnavailable
            200 | <html>welcome</html>                                | RegistryUnavailable
            200 | {"schema":"no schema"}                              | RegistryUnavailable
            200 | {}                                                  | RegistryUnavailable
            """)
    void only_the_registry_itself_can_say_that_a_schema_is_unknown(int status, String body, String failure) {
        answer(status, body);
        assertThatThrownBy(() -> new HttpSchemaRegistry(uri("")).byId(7))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            409 | {"error_code":409,"message":"a differs"} | IncompatibleSchema  | a differs
            422 | {"error_code":42201,"message":"invalid"} | IncompatibleSchema  | invalid
            404 | {"error_code":404,"message":"where"}     | RegistryUnavailable | where
            500 | {"error_code":50001,"message":"store"}   | RegistryUnavailable | store
            200 | {"id":"seven"}                           | RegistryUnavailable | seven
            """)
    void a_refusal_is_told_from_an_outage(int status, String body, String failure, String said) {
        answer(status, body);
        assertThatThrownBy(() -> new HttpSchemaRegistry(uri("")).register("t-value", TEXT))
                .hasMessageContaining(said)
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure));
    }

    @Test
    void what_was_answered_once_is_not_asked_again() {
        HttpSchemaRegistry registry = new HttpSchemaRegistry(uri("/api/"));
        answer(200, "{\"id\":7}");
        assertThat(registry.register("a b/c-value", TEXT)).isEqualTo(7);
        assertThat(registry.register("a b/c-value", TEXT)).isEqualTo(7);
        assertThat(registry.byId(7)).isEqualTo(TEXT);
        answer(200, "{\"schema\":\"\\\"long\\\"\"}");
        assertThat(registry.byId(8)).isEqualTo(Schema.create(Schema.Type.LONG));
        assertThat(registry.byId(8)).isEqualTo(Schema.create(Schema.Type.LONG));
        assertThat(requests)
                .containsExactly(
                        "GET /api/subjects/a%20b%2Fc-value/versions/latest null",
                        "POST /api/subjects/a%20b%2Fc-value/versions null", "GET /api/schemas/ids/8 null");
    }

    @Test
    void a_schema_that_is_the_latest_already_is_not_sent() {
        latest(200, "{\"id\":9,\"version\":3,\"schema\":\"\\\"string\\\"\"}");
        assertThat(new HttpSchemaRegistry(uri("")).register("t-value", TEXT)).isEqualTo(9);
        assertThat(requests).containsExactly("GET /subjects/t-value/versions/latest null");
    }

    @Test
    void a_schema_that_does_not_read_the_latest_is_refused_with_the_difference_whatever_the_registry_says() {
        latest(200, "{\"id\":9,\"version\":3,\"schema\":\"\\\"long\\\"\"}");
        answer(200, "{\"id\":10}");
        assertThatThrownBy(() -> new HttpSchemaRegistry(uri("")).register("t-value", TEXT))
                .isInstanceOf(IncompatibleSchema.class)
                .hasMessageContaining("latest schema of subject t-value")
                .hasMessageContaining("TYPE_MISMATCH at /: reader type: STRING not compatible with writer type: LONG");
        assertThat(requests).containsExactly("GET /subjects/t-value/versions/latest null");
    }

    @Test
    void what_many_ask_at_once_is_asked_once() throws Exception {
        HttpSchemaRegistry registry = new HttpSchemaRegistry(uri(""));
        answer(200, "{\"id\":7}");
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        beforeAnswer = () -> {
            arrived.countDown();
            answered.await();
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> ids = new ArrayList<>();
            Set<Thread> asking = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 20; i++) {
                ids.add(executor.submit(() -> {
                    asking.add(Thread.currentThread());
                    return registry.register("a-value", TEXT);
                }));
            }
            arrived.await();
            while (asking.size() < 20
                    || !asking.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
            answered.countDown();
            for (Future<Integer> id : ids) {
                assertThat(id.get()).isEqualTo(7);
            }
        }
        assertThat(requests)
                .containsExactly("GET /subjects/a-value/versions/latest null", "POST /subjects/a-value/versions null");
    }

    @Test
    void credentials_are_sent_and_never_shown() {
        answer(500, "{}");
        URI withCredentials = URI.create(uri("").toString().replace("://", "://ada:s3cret@"));
        assertThatThrownBy(() -> new HttpSchemaRegistry(withCredentials).byId(7))
                .isInstanceOf(RegistryUnavailable.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
        assertThat(requests).containsExactly("GET /schemas/ids/7 Basic YWRhOnMzY3JldA==");
    }

    private void answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    private void latest(int status, String body) {
        this.latestStatus = status;
        this.latest = body;
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
