package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.limits.HttpLimits;
import io.stepstream.gateway.limits.Rate;
import io.stepstream.gateway.limits.TrustedProxies;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.TaskToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every limit of a gateway, met with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class LimitsIT {

    private static final Duration HEAD = Duration.ofSeconds(10);
    private static final Rate MANY = new Rate(100_000, 100_000);

    private Stack stack;

    @BeforeAll
    void start(Stack shared) throws Exception {
        stack = shared;
    }

    private Gateway limited(HttpLimits limits) throws Exception {
        return stack.gateway(EdgeSettings.LOOPBACK.withLimits(limits));
    }

    private static void isTurnedAway(Api.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(429);
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 100);
    }

    @Test
    void anAddressIsTurnedAwayInTheFormOfWhatItCalled() throws Exception {
        var gateway = limited(new HttpLimits(
                100_000, 8192, HEAD, Duration.ofSeconds(5), 100, 10, new Rate(0.01, 2), MANY, MANY, MANY));
        var api = new Api(gateway.uri());
        assertThat(api.get("/v1/openapi.json").status()).isEqualTo(200);
        assertThat(api.get("/v1/openapi.json").status()).isEqualTo(200);
        var problem = api.get("/v1/openapi.json");
        assertThat(problem.status()).isEqualTo(429);
        assertThat(problem.json().get("type").asText()).isEqualTo("TooManyRequests");
        assertThat(Integer.parseInt(problem.header("Retry-After"))).isBetween(1, 100);
        var aws = api.aws("ListStateMachines", "{}");
        assertThat(aws.status()).isEqualTo(429);
        assertThat(aws.json().get("__type").asText()).isEqualTo("ThrottlingException");
        assertThat(aws.header("Retry-After")).isNotEmpty();
        var page = api.get("/a/x");
        assertThat(page.status()).isEqualTo(429);
        assertThat(page.text()).contains("Not so fast");
        assertThat(page.header("Retry-After")).isNotEmpty();
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(api.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void pagesAndTasksHaveRatesOfTheirOwn() throws Exception {
        var gateway = limited(new HttpLimits(
                100_000, 8192, HEAD, Duration.ofSeconds(5), 100, 10, MANY, new Rate(0.01, 1), MANY, new Rate(0.01, 1)));
        var api = new Api(gateway.uri());
        assertThat(api.get("/a/x").status()).isEqualTo(404);
        isTurnedAway(api.get("/deny/x"));
        assertThat(api.get("/v1/openapi.json").status()).isEqualTo(200);
        var token = stack.keys.sign(new TaskToken("0".repeat(32), 1, "0".repeat(16)));
        var other = stack.keys.sign(new TaskToken("0".repeat(32), 2, "0".repeat(16)));
        assertThat(api.post("/v1/tasks/" + token + "/heartbeat", "").status()).isEqualTo(404);
        isTurnedAway(api.post("/v1/tasks/" + token + "/heartbeat", ""));
        isTurnedAway(api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(token)));
        assertThat(api.post("/v1/tasks/" + other + "/heartbeat", "").status()).isEqualTo(404);
    }

    @Test
    void aPrincipalHasARateWhereverItCallsFrom() throws Exception {
        var staff = new Staff(Files.createTempDirectory("staff"));
        var limits = new HttpLimits(
                100_000, 8192, HEAD, Duration.ofSeconds(5), 100, 10, MANY, MANY, new Rate(0.01, 1), MANY);
        var gateway =
                stack.gateway(EdgeSettings.LOOPBACK.withCredentials(staff.file).withLimits(limits));
        var api = new Api(gateway.uri());
        assertThat(api.send("GET", "/v1/openapi.json", "", Staff.bearer(staff.everything))
                        .status())
                .isEqualTo(200);
        isTurnedAway(api.send("GET", "/v1/openapi.json", "", Staff.bearer(staff.everything)));
        isTurnedAway(Staff.aws(gateway.uri(), Staff.id("all"), Staff.SECRET, "ListStateMachines", "{}"));
    }

    @Test
    void aBodyHasASizeAndATime() throws Exception {
        var gateway =
                limited(new HttpLimits(1_000, 2048, HEAD, Duration.ofMillis(700), 100, 10, MANY, MANY, MANY, MANY));
        var api = new Api(gateway.uri());
        assertThat(api.send("POST", "/v1/executions", "x".repeat(1_001)).status())
                .isEqualTo(413);
        assertThat(api.aws("StartExecution", "x".repeat(1_001)).status()).isEqualTo(413);
        assertThat(api.send("POST", "/v1/executions", "x".repeat(1_000)).status())
                .isEqualTo(400);

        var raw = new RawHttp(gateway.uri());
        for (var target : List.of("POST /v1/executions", "POST /")) {
            var begin = Instant.now();
            try (var socket = raw.connect()) {
                var out = socket.getOutputStream();
                out.write((target
                                + " HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSStepFunctions.StartExecution\r\nContent-Length: 500\r\n\r\n{")
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                var answer = RawHttp.read(socket);
                assertThat(RawHttp.status(answer)).as(answer).isEqualTo(408);
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
        // A byte now and then keeps the socket alive, and does not keep the request.
        try (var socket = raw.connect()) {
            var out = socket.getOutputStream();
            out.write("POST /v1/executions HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1));
            try (var _ = Drip.into(out)) {
                var answer = RawHttp.read(socket);
                assertThat(RawHttp.status(answer)).as(answer).isEqualTo(408);
            }
        }
        var header = raw.send("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(3_000)
                + "\r\nConnection: close\r\n\r\n");
        assertThat(RawHttp.status(header)).isGreaterThanOrEqualTo(400).isLessThan(500);
        var prologue = raw.send("GET /" + "x".repeat(3_000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(RawHttp.status(prologue)).isGreaterThanOrEqualTo(400).isLessThan(500);
        assertThat(api.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void aHeadHasATime() throws Exception {
        var gateway = limited(new HttpLimits(
                1_000, 2048, Duration.ofMillis(700), Duration.ofSeconds(1), 100, 10, MANY, MANY, MANY, MANY));
        var raw = new RawHttp(gateway.uri());
        var whole = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (var before : List.of("", "GET /hea", "GET /health/live HTTP/1.1\r\nX-Long: ")) {
            try (var socket = raw.connect()) {
                var out = socket.getOutputStream();
                // Not of the connection's first request alone.
                out.write(whole);
                assertThat(RawHttp.status(RawHttp.read(socket))).isEqualTo(200);
                out.write(before.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                var begin = Instant.now();
                try (var _ = Drip.into(out)) {
                    var answer = RawHttp.read(socket);
                    assertThat(RawHttp.status(answer))
                            .as(before + ": " + answer)
                            .isEqualTo(408);
                }
                assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void aTrustedProxySaysWhereARequestCameFrom() throws Exception {
        var limits = new HttpLimits(
                100_000, 8192, HEAD, Duration.ofSeconds(5), 100, 10, new Rate(0.01, 1), MANY, MANY, MANY);
        var behind = new Api(stack.gateway(
                        EdgeSettings.LOOPBACK.withLimits(limits).withProxies(TrustedProxies.of(List.of("127.0.0.0/8"))))
                .uri());
        var path = "/v1/openapi.json";
        assertThat(behind.send("GET", path, "", "X-Forwarded-For", "192.0.2.1").status())
                .isEqualTo(200);
        assertThat(behind.send("GET", path, "", "X-Forwarded-For", "198.51.100.9, 192.0.2.1")
                        .status())
                .isEqualTo(429);
        assertThat(behind.send("GET", path, "", "Forwarded", "for=192.0.2.2;proto=https")
                        .status())
                .isEqualTo(200);
        // Nobody else's word is taken: all of these are from one address.
        var open = new Api(limited(limits).uri());
        assertThat(open.send("GET", path, "", "X-Forwarded-For", "192.0.2.1").status())
                .isEqualTo(200);
        assertThat(open.send("GET", path, "", "X-Forwarded-For", "192.0.2.2").status())
                .isEqualTo(429);
    }

    @Test
    void soManyCallsWaitAndNoMore() throws Exception {
        var gateway =
                limited(new HttpLimits(100_000, 8192, HEAD, Duration.ofSeconds(5), 100, 1, MANY, MANY, MANY, MANY));
        var api = new Api(gateway.uri());
        var first = new Api(gateway.uri());
        assertThat(api.aws("CreateActivity", "{'name':'limit-task'}").status()).isEqualTo(200);
        var poll = "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("limit-task"));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            // Whichever comes second is turned away; the other one waits until there is a task.
            var replies = new ArrayList<Future<Api.Reply>>();
            replies.add(executor.submit(() -> first.aws("GetActivityTask", poll)));
            replies.add(executor.submit(() -> first.aws("GetActivityTask", poll)));
            while (replies.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
            var done = replies.stream()
                    .filter(Future::isDone)
                    .findFirst()
                    .orElseThrow()
                    .get();
            assertThat(done.status()).isEqualTo(429);
            assertThat(done.header("Retry-After")).isEqualTo("5");
            var task = "{'StartAt':'A','States':{'A':{'Type':'Task','Resource':'%s','End':true}}}"
                    .formatted(Arns.DEFAULT.activity("limit-task"));
            api.post("/v1/state-machines", "{'name':'limit','definition':%s}".formatted(task));
            api.post("/v1/executions", "{'stateMachine':'limit'}");
            for (var reply : replies) {
                if (reply.get().status() != 429) {
                    assertThat(reply.get().json().has("taskToken")).isTrue();
                }
            }
        }
    }

    @Test
    void soManyConnectionsAreOpenAndNoMore() throws Exception {
        var gateway =
                limited(new HttpLimits(100_000, 8192, HEAD, Duration.ofSeconds(30), 3, 10, MANY, MANY, MANY, MANY));
        var raw = new RawHttp(gateway.uri());
        var request = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        try (var a = raw.connect();
                var b = raw.connect();
                var c = raw.connect();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var idle : List.of(a, b, c)) {
                idle.getOutputStream().write("GET /health".getBytes(StandardCharsets.ISO_8859_1));
                idle.getOutputStream().flush();
            }
            var fourth = executor.submit(() -> raw.send(request));
            a.close();
            assertThat(RawHttp.status(fourth.get())).isEqualTo(200);
        }
    }
}
