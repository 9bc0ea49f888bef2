package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.worker.TaskOutcome;
import io.stepstream.worker.Worker;
import io.stepstream.worker.WorkerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP tasks against a server on loopback, which is a private address. */
class HttpInvokeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer server;
    private String base = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var secret = exchange.getRequestHeaders().getFirst("X-Secret");
        heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (body.isEmpty() ? "" : " " + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body)
                + (secret == null ? "" : " secret=" + secret));
        var path = exchange.getRequestURI().getPath();
        var headers = exchange.getResponseHeaders();
        switch (path) {
            case "/json" -> {
                headers.set("Content-Type", "application/json; charset=utf-8");
                send(exchange, 200, "{\"ok\":true}");
            }
            case "/missing" -> send(exchange, 404, "nothing here");
            case "/busy" -> send(exchange, failures.getAndDecrement() > 0 ? 503 : 200, "free again");
            case "/large" -> send(exchange, 200, "x".repeat(5000));
            case "/hangs" -> heard.add("hanging");
            case "/moved" -> {
                headers.set("Location", "/json");
                send(exchange, 302, "");
            }
            case "/away" -> {
                headers.set("Location", "http://169.254.169.254/latest/meta-data");
                send(exchange, 302, "");
            }
            case "/loop" -> {
                headers.set("Location", "/loop");
                send(exchange, 307, "");
            }
            default -> send(exchange, 200, "text");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private HttpInvoke invoke(List<String> allowed, List<String> allowedPrivate, PinnedAddresses addresses) {
        var settings = new HttpSettings(
                "unused:1",
                URI.create("http://unused"),
                AllowedEndpoints.of("allow", allowed),
                AllowedEndpoints.of("allow.private", allowedPrivate),
                Map.of(
                        "crm",
                        new HttpSettings.Connection(
                                "X-Secret", "s3cret", AllowedEndpoints.of("for", List.of(base + "/crm")))),
                Map.of());
        var backoff = new Backoff(3, Duration.ofMillis(1), time -> {});
        return new HttpInvoke(settings, backoff, new HttpInvoke.Limits(Duration.ofMillis(700), 4000), addresses);
    }

    private TaskOutcome outcome(String parameters) throws Exception {
        return outcome(parameters, invoke(List.of(), List.of(base), PinnedAddresses.ofTheSystem()));
    }

    private TaskOutcome outcome(String parameters, HttpInvoke invoke) throws Exception {
        var request = JSON.readTree(parameters.replace('\'', '"').replace("BASE", base));
        try (var test = WorkerTest.of(Worker.builder().task("http-invoke", JsonNode.class, invoke))) {
            return test.request("http-invoke", request).outcome();
        }
    }

    private static JsonNode output(TaskOutcome outcome) throws Exception {
        assertThat(outcome).isInstanceOf(TaskOutcome.Succeeded.class);
        return JSON.readTree(((TaskOutcome.Succeeded) outcome).output());
    }

    @Test
    void aCallAsAwsAnswersIt() throws Exception {
        var output =
                output(outcome("{'ApiEndpoint':'BASE/json','Method':'POST','QueryParameters':{'q':'a b','r':['1','2']},"
                        + "'Headers':{'X-Mine':'yes'},'RequestBody':{'n':1}}"));
        assertThat(heard).containsExactly("POST /json?q=a%20b&r=1&r=2 application/json {\"n\":1}");
        assertThat(output.path("StatusCode").asInt()).isEqualTo(200);
        assertThat(output.path("StatusText").asText()).isEqualTo("OK");
        assertThat(output.path("ResponseBody")).hasToString("{\"ok\":true}");
        assertThat(output.at("/Headers/content-type/0").asText()).isEqualTo("application/json; charset=utf-8");

        var form = "{'ApiEndpoint':'BASE/form','Method':'PUT','RequestBody':{'a':'1 2'},"
                + "'Transform':{'RequestBodyEncoding':'URL_ENCODED'}}";
        assertThat(output(outcome(form)).path("ResponseBody").asText()).isEqualTo("text");
        assertThat(heard.getLast()).isEqualTo("PUT /form application/x-www-form-urlencoded a=1%202");
    }

    @Test
    void aStatusIsAnErrorThatRetryAndCatchCanMatch() throws Exception {
        assertThat(outcome("{'ApiEndpoint':'BASE/missing','Method':'GET'}"))
                .isEqualTo(new TaskOutcome.Failed(
                        "States.Http.StatusCode.404", "The HTTP task received 404 Not Found: nothing here"));
    }

    @Test
    void whatMayBeRepeatedIsTriedAgainAndNothingElse() throws Exception {
        failures.set(2);
        assertThat(output(outcome("{'ApiEndpoint':'BASE/busy','Method':'GET'}"))
                        .path("ResponseBody")
                        .asText())
                .isEqualTo("free again");
        assertThat(heard).hasSize(3);
        failures.set(2);
        assertThat(outcome("{'ApiEndpoint':'BASE/busy','Method':'POST'}"))
                .isInstanceOfSatisfying(
                        TaskOutcome.Failed.class, it -> assertThat(it.error()).isEqualTo("States.Http.StatusCode.503"));
        assertThat(heard).hasSize(4);
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
        assertThat(outcome("{'ApiEndpoint':'BASE/hangs','Method':'POST','RequestBody':'x'}"))
                .isInstanceOfSatisfying(
                        TaskOutcome.Failed.class, it -> assertThat(it.error()).isEqualTo("States.Http.Socket"));
        server.stop(0);
        assertThat(outcome("{'ApiEndpoint':'BASE/json','Method':'GET'}"))
                .isInstanceOfSatisfying(
                        TaskOutcome.Failed.class, it -> assertThat(it.error()).isEqualTo("States.Http.Socket"));
    }

    @Test
    void aResponseThatIsTooLongFailsTheTask() throws Exception {
        assertThat(outcome("{'ApiEndpoint':'BASE/large','Method':'GET'}"))
                .isEqualTo(new TaskOutcome.Failed("States.DataLimitExceeded", "the response has more than 4000 bytes"));
        assertThat(heard).hasSize(1);
    }

    @Test
    void redirectsAreFollowedWhereTheyMayLead() throws Exception {
        assertThat(output(outcome("{'ApiEndpoint':'BASE/moved','Method':'POST','RequestBody':'x'}"))
                        .path("StatusCode")
                        .asInt())
                .isEqualTo(200);
        assertThat(heard).containsExactly("POST /moved text/plain; charset=utf-8 x", "GET /json");
        refused("{'ApiEndpoint':'BASE/away','Method':'GET'}", "169.254.169.254/latest/meta-data may not be called");
        refused("{'ApiEndpoint':'BASE/loop','Method':'GET'}", "is redirected more than 5 times");
    }

    @Test
    void aConnectionsSecretGoesToItsOwnAddressesOnly() throws Exception {
        var arn = "arn:aws:events:us-east-1:1:connection/crm/5f0a";
        var call = "{'ApiEndpoint':'BASE%s','Method':'GET','Authentication':{'ConnectionArn':'%s'}}";
        output(outcome(call.formatted("/crm/people", arn)));
        output(outcome(call.formatted("/other", arn)));
        assertThat(heard).containsExactly("GET /crm/people secret=s3cret", "GET /other");
        refused(call.formatted("/crm", "unknown"), "there is no connection 'unknown'");
    }

    private void refused(String parameters, String because) throws Exception {
        assertThat(outcome(parameters)).isInstanceOfSatisfying(TaskOutcome.DeadLettered.class, it -> {
            assertThat(it.error()).isEqualTo("Stepstream.HttpRefused");
            assertThat(it.cause()).contains(because);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'ApiEndpoint':'ftp://127.0.0.1/','Method':'GET'}",
                "{'ApiEndpoint':'http://elsewhere.example/','Method':'GET'}",
                "{'ApiEndpoint':'http://127.0.0.1.evil.example/','Method':'GET'}",
                "{'ApiEndpoint':'http://user@127.0.0.1/','Method':'GET'}",
                "{'ApiEndpoint':'BASE/json','Method':'TRACE'}",
                "{'ApiEndpoint':'BASE/json','Method':'GET','Headers':{'Host':'x'}}",
                "{'ApiEndpoint':'BASE/json','Method':'GET','Headers':{'A':'x\\nB: y'}}",
                "{'ApiEndpoint':'BASE/a/%2e%2e/json','Method':'GET'}",
                "{'ApiEndpoint':'','Method':'GET'}"
            })
    void whatMayNotBeCalledIsNotCalled(String parameters) throws Exception {
        refused(parameters, "");
        assertThat(heard).isEmpty();
    }

    @Test
    void anAllowedNameAtAPrivateAddressIsRefused() throws Exception {
        var name = "http://inside.example:" + server.getAddress().getPort();
        var pinned = new PinnedAddresses(host -> List.of(InetAddress.getLoopbackAddress()), PublicAddresses::isPublic);
        assertThat(outcome(
                        "{'ApiEndpoint':'" + name + "/json','Method':'GET'}", invoke(List.of(name), List.of(), pinned)))
                .isInstanceOfSatisfying(
                        TaskOutcome.DeadLettered.class,
                        it -> assertThat(it.cause())
                                .contains("inside.example is at 127.0.0.1, which is no public address"));
        // A literal address is no way around.
        assertThat(outcome(
                        "{'ApiEndpoint':'BASE/json','Method':'GET'}",
                        invoke(List.of(base), List.of(), PinnedAddresses.ofTheSystem())))
                .isInstanceOf(TaskOutcome.DeadLettered.class);
        assertThat(heard).isEmpty();
    }

    @Test
    void theAddressThatIsLookedAtIsTheOneThatIsCalled() throws Exception {
        var name = "http://rebinding.example:" + server.getAddress().getPort();
        var lookups = new AtomicInteger();
        // The second answer would lead elsewhere.
        PinnedAddresses.Lookup rebinding = host -> lookups.incrementAndGet() == 1
                ? List.of(InetAddress.getLoopbackAddress())
                : List.of(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}));
        var pinned = new PinnedAddresses(rebinding, InetAddress::isLoopbackAddress);
        assertThat(output(outcome(
                                "{'ApiEndpoint':'" + name + "/json','Method':'GET'}",
                                invoke(List.of(name), List.of(), pinned)))
                        .path("StatusCode")
                        .asInt())
                .isEqualTo(200);
        assertThat(lookups).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            93.184.216.34, true
            2606:4700::1111, true
            127.0.0.1, false
            10.1.2.3, false
            172.31.255.255, false
            172.32.0.1, true
            192.168.0.1, false
            169.254.169.254, false
            100.64.0.1, false
            0.0.0.0, false
            224.0.0.1, false
            255.255.255.255, false
            ::1, false
            ::, false
            fe80::1, false
            fd00:ec2::254, false
            ::ffff:127.0.0.1, false
            64:ff9b::7f00:1, false
            2002:7f00:1::, false
            """)
    void addressesOfTheInternet(String address, boolean expected) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://api.example.org, https://api.example.org/any, true
            https://api.example.org, https://API.example.org:443/, true
            https://api.example.org, http://api.example.org/, false
            https://api.example.org, https://api.example.org:8443/, false
            https://api.example.org, https://api.example.org.evil.example/, false
            https://*.example.org, https://a.b.example.org/, true
            https://*.example.org, https://example.org/, false
            https://*.example.org, https://evilexample.org/, false
            https://any.example.org, https://other.example.org/, false
            https://example.org/v1, https://example.org/v1/x, true
            https://example.org/v1/, https://example.org/v1, true
            https://example.org/v1, https://example.org/v10, false
            https://example.org/v1, https://example.org/v1/../admin, false
            """)
    void allowedEndpoints(String pattern, String uri, boolean expected) {
        assertThat(AllowedEndpoints.of("s", List.of(pattern)).allow(URI.create(uri)))
                .isEqualTo(expected);
    }

    @Test
    void settingsSayWhatIsMissing() {
        var properties = new Properties();
        ThrowingCallable process = () -> new HttpProcess(properties, Map.of()).settings();
        assertThatThrownBy(process).hasMessageContaining("give stepstream.http.allow");
        properties.setProperty("stepstream.http.allow", "api.example.org");
        properties.setProperty("stepstream.bootstrap.servers", "localhost:1");
        properties.setProperty("stepstream.registry", "http://localhost:2");
        assertThatThrownBy(process)
                .hasMessageContaining("has \"api.example.org\"; it must be like https://api.example.org");
        properties.setProperty("stepstream.http.allow", "https://api.example.org");
        properties.setProperty("stepstream.http.connections", "crm");
        assertThatThrownBy(process).hasMessageContaining("stepstream.http.connection.crm.for is missing");
        properties.setProperty("stepstream.http.connection.crm.for", "https://api.example.org/crm");
        properties.setProperty("stepstream.http.connection.crm.value", "Bearer s3cret");
        assertThat(new HttpProcess(properties, Map.of()).settings().toString()).doesNotContain("s3cret");
    }
}
