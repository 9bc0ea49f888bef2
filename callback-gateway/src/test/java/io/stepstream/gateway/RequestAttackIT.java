package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Caveats.Decision;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Attacks by what is sent: paths, heads, bodies and connections. */
class RequestAttackIT extends AttackedGateway {
    @Override
    int secretsShown() {
        return 3;
    }

    @Test
    void paths() throws Exception {
        for (var path : List.of(
                "//v1/state-machines",
                "/v1//state-machines",
                "/./v1/state-machines",
                "/a/../v1/state-machines",
                "/health/../v1/state-machines",
                "/health/live/../../v1/state-machines",
                "/%76%31/state-machines",
                "/v1%2fstate-machines",
                "/v1/%2e%2e/v1/state-machines",
                "/a/%2e%2e/v1/state-machines",
                "/v1;x=1/state-machines",
                "/v1/state-machines;x",
                "/v1/state-machines/.",
                "/health/live;/../../v1/executions",
                "/V1/state-machines",
                "/v1/state-machines%00",
                "/v1\\state-machines",
                "/a/..%5c..%5cv1/state-machines",
                "/v1/state-machines?x=/health/live",
                "/v1/state-machines#/health/live",
                "http://health/v1/state-machines",
                "*",
                "/v1/executions/%2e%2e%2f%2e%2e%2finternal%2fapprovals",
                "/internal/executions",
                "/v1/../internal/approvals",
                "/v1/executions/..%2f..%2finternal/history",
                "/a/%2e%2e%2f%2e%2e",
                "/etc/passwd",
                "/%c0%ae%c0%ae/v1/state-machines")) {
            for (var method : List.of("GET", "POST")) {
                var answer = raw.send(
                        method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                // Health is open: whatever leads there is no way in.
                assertThat(answer.contains("\"status\":\"UP\"") || RawHttp.status(answer) / 100 == 4)
                        .as(path + ": " + answer)
                        .isTrue();
                assertThat(answer).doesNotContain("stateMachines").doesNotContain("executionArn");
                count("path");
            }
        }
        for (var target : List.of(
                "GET /health/live\0 HTTP/1.1",
                "GET\t/health/live HTTP/1.1",
                "GET /health/live HTTP/9.9",
                "GET /health/live",
                "\r\n\r\n\r\n",
                "\0\0\0\0",
                "G\u00e9T / HTTP/1.1",
                "PRI * HTTP/2.0")) {
            var answer = raw.send(target + "\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(RawHttp.status(answer)).as(target + ": " + answer).isNotEqualTo(200);
            count("request line");
        }
    }

    @Test
    void smuggling() throws Exception {
        for (var head : List.of(
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "X: y\r\n Z: folded",
                "X : y",
                "X\0: y",
                "Host: y")) {
            var answer = raw.send("POST /v1/state-machines HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + head
                    + "\r\n\r\n0\r\n\r\nGET /v1/state-machines HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(RawHttp.status(answer)).as(head + ": " + answer).isNotEqualTo(200);
            assertThat(answer).doesNotContain("stateMachines");
            count("smuggling");
        }
    }

    @Test
    void lineEndsInWhatIsEchoed() throws Exception {
        for (var evil :
                List.of("%0d%0aSet-Cookie:%20a=b", "%0aX-Evil:1", "%0d%0a%0d%0a<html>", "%E5%98%8A%E5%98%8DX-Evil:1")) {
            for (var path : List.of("/a/", "/approve/", "/v1/executions/", "/v1/tasks/", "/")) {
                var answer = raw.send("POST " + path + evil + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + staff.everything.text() + "\r\nX-Amz-Target: " + evil
                        + "\r\nIdempotency-Key: " + evil + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                        .doesNotContain("\nset-cookie")
                        .doesNotContain("\nx-evil")
                        .doesNotContain("\n<html>");
                count("CRLF");
            }
        }
        var id = waiting("crlf");
        var token = token("crlf");
        var approve = link(token, Decision.APPROVED, Optional.empty());
        var decided = raw.send("POST /a/" + approve + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Length: 30\r\n\r\ncomment=a%0d%0aSet-Cookie:%20b");
        assertThat(RawHttp.status(decided)).isEqualTo(303);
        assertThat(decided).contains("Location: /a/" + approve + "\r\n").doesNotContain("Set-Cookie");
        count("CRLF");
        assertThat(all("GET", "/v1/executions/" + id, "")
                        .json()
                        .at("/output/comment")
                        .asText())
                .isEqualTo("a\nSet-Cookie: b");
    }

    @Test
    void jsonBombs() throws Exception {
        var bombs = List.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "[".repeat(900) + "]".repeat(900),
                "{\"stateMachine\":\"bomb\",\"input\":" + "[".repeat(999) + "]".repeat(999) + "}",
                "{\"stateMachine\":\"bomb\",\"input\":" + "[".repeat(400) + "]".repeat(400) + "}",
                "{\"stateMachine\":\"bomb\",\"input\":1e999999999}",
                "{\"stateMachine\":\"bomb\",\"input\":-1e-999999999}",
                "{\"stateMachine\":\"bomb\",\"input\":1e99999999999999999999}",
                "{\"stateMachine\":\"bomb\",\"input\":" + "9".repeat(500_000) + "}",
                "{\"stateMachine\":\"bomb\",\"input\":\"" + "\\u0000".repeat(30_000) + "\"}",
                "{\"stateMachine\":\"bomb\",\"stateMachine\":\"other\"}",
                "{\"stateMachine\":\"bomb\",\"input\":{" + "\"k\":1,".repeat(20_000) + "\"k\":2}}",
                "{\"stateMachine\":\"bomb\",\"input\":[" + "1,".repeat(120_000) + "1]}",
                "{\"stateMachine\":{\"a\":1},\"input\":1}",
                "{\"name\":\"" + "x".repeat(500_000) + "\",\"stateMachine\":\"bomb\"}",
                "\uFEFF{}",
                "{}{}",
                "nul",
                "{\"a\":NaN}",
                "{'a':1}",
                "// x\n{}");
        all(
                "POST",
                "/v1/state-machines",
                "{'name':'bomb','definition':%s}"
                        .formatted("{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}"));
        for (var bomb : bombs) {
            var begin = Instant.now();
            for (var path : List.of("/v1/executions", "/v1/state-machines")) {
                var reply = as(staff.everything, "POST", path, bomb);
                assertThat(reply.status())
                        .as(bomb.substring(0, Math.min(60, bomb.length())))
                        .isBetween(200, 499);
                count("JSON bomb");
            }
            var signed = Staff.aws(uri, Staff.id("all"), Staff.SECRET, "StartExecution", bomb);
            assertThat(signed.status()).isBetween(200, 499);
            count("JSON bomb");
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
        }
        var id = waiting("bombed");
        var token = token("bombed");
        for (var output : List.of("[".repeat(999) + "]".repeat(999), "1e999999999")) {
            assertThat(as(staff.everything, "POST", "/v1/tasks/" + token + "/success", output)
                            .status())
                    .isBetween(200, 499);
            count("JSON bomb");
        }
        assertThat(status(id)).isIn("RUNNING", "SUCCEEDED", "FAILED");
    }

    @Test
    void htmlInEveryShownField() throws Exception {
        var evil = "<img src=x onerror=alert(1)>\\\"'</title><script>alert(1)</script>";
        var spec =
                ("{\"title\":\"E\",\"description\":\"E\",\"requestedBy\":\"E\",\"show\":{\"E\":[\"E\",{\"E\":\"E\"}]},\"form\":{\"type\":\"object\",\"properties\":{"
                                + "\"f\":{\"type\":\"string\",\"title\":\"E\",\"description\":\"E\",\"maxLength\":500},\"g\":{\"type\":\"string\",\"enum\":[\"E\"],\"title\":\"E\"}}}}")
                        .replace("E", evil);
        var state = "<img src=x onerror=alert(1)>";
        var definition =
                ("{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke.waitForTaskToken\","
                                + "\"Parameters\":{\"FunctionName\":\"html\",\"Payload\":{\"approval\":" + spec
                                + ",\"token.$\":\"$$.Task.Token\"}},\"End\":true}}}")
                        .replace("\"S\"", "\"" + state + "\"");
        var created = as(
                staff.everything,
                "POST",
                "/v1/state-machines",
                "{\"name\":\"html\",\"definition\":" + definition + "}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        all("POST", "/v1/executions", "{'stateMachine':'html'}");
        var token = token("html");
        var typed = "name=E&comment=E&f-f=E&f-g=E".replace("E", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22");
        var pages = new ArrayList<String>();
        pages.add(api.get("/approve/" + token).text());
        var wrong = api.form("/approve/" + token, typed);
        assertThat(wrong.status()).isEqualTo(422);
        pages.add(wrong.text());
        assertThat(api.form("/approve/" + token, typed.replaceAll("&f-g=.*", ""))
                        .status())
                .isEqualTo(303);
        pages.add(api.get("/approve/" + token).text());
        pages.add(api.get("/a/%3Cimg%3E").text());
        for (var page : pages) {
            assertThat(page).doesNotContain("<img").doesNotContain("<script").containsOnlyOnce("</title>");
            for (var i = page.indexOf("&lt;img"); i >= 0; i = page.indexOf("&lt;img", i + 1)) {
                count("HTML");
            }
        }
        assertThat(attacks.get("HTML")).isGreaterThan(20);
    }

    @Test
    void oversizeAndSlow() throws Exception {
        for (var path : List.of("/v1/executions", "/v1/state-machines")) {
            assertThat(as(staff.everything, "POST", path, "x".repeat(1_000_001)).status())
                    .isEqualTo(413);
            count("oversize");
        }
        var head = "POST /v1/executions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + staff.everything.text()
                + "\r\nContent-Length: 1000\r\n\r\n{";
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = new ArrayList<java.util.concurrent.Future<String>>();
            for (var i = 0; i < 50; i++) {
                slow.add(executor.submit(() -> {
                    try (var socket = raw.connect()) {
                        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                        socket.getOutputStream().flush();
                        return RawHttp.read(socket);
                    }
                }));
            }
            for (var answer : slow) {
                assertThat(RawHttp.status(answer.get())).isEqualTo(408);
                count("slow body");
            }
        }
        var answer = raw.send("GET /health/live HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(10_000) + "\r\n");
        assertThat(RawHttp.status(answer)).isBetween(0, 499).isNotEqualTo(200);
        count("oversize");
    }

    @Test
    void thousandsOfIdleConnections() throws Exception {
        var idle = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 3_000; i++) {
                var socket = raw.connect();
                if (i % 2 == 0) {
                    socket.getOutputStream().write("POST /v1/execu".getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                }
                idle.add(socket);
                count("idle connection");
                if (i % 500 == 499) {
                    assertThat(all("GET", "/v1/state-machines", "").status()).isEqualTo(200);
                }
            }
            var id = waiting("idle");
            assertThat(answer(token("idle")).status()).isEqualTo(200);
            assertThat(status(id)).isEqualTo("SUCCEEDED");
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }
}
