package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.gateway.auth.ApiKey;
import io.stepstream.gateway.limits.HttpLimits;
import io.stepstream.gateway.limits.Rate;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Attacks on a locked gateway in front of a real engine. None gets in, none stops the service, and no secret is in a log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackIT {

    private static final Duration HEAD = Duration.ofSeconds(2);
    private static final Rate MANY = new Rate(1_000_000, 1_000_000);
    private static final HttpLimits LIMITS =
            new HttpLimits(1_000_000, 16_384, HEAD, Duration.ofSeconds(2), 10_000, 100, MANY, MANY, MANY, MANY);
    private static final String ASK =
            "{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                    + "'Parameters':{'FunctionName':'%s','Payload':{'token.$':'$$.Task.Token','request.$':'$'}},'End':true}}}";

    private Heard heard;
    private Stack stack;
    private Staff staff;
    private URI uri;
    private Api api;
    private RawHttp raw;
    private final Map<String, Integer> attacks = new TreeMap<>();
    private final List<String> secrets = new ArrayList<>();

    @BeforeAll
    void start() throws Exception {
        heard = Heard.all();
        stack = new Stack();
        staff = new Staff(stack.data);
        uri = stack.gateway(EdgeSettings.LOOPBACK.withCredentials(staff.file).withLimits(LIMITS))
                .uri();
        api = new Api(uri);
        raw = new RawHttp(uri);
        secrets.add(staff.everything.secret());
        secrets.add(Staff.SECRET);
    }

    /** The last word: the service goes on, and what was logged holds no secret. */
    @AfterAll
    void stop() throws Exception {
        var id = waiting("after-all");
        assertThat(answer(token("after-all")).status()).isEqualTo(200);
        assertThat(status(id)).isEqualTo("SUCCEEDED");
        stack.close();
        heard.close();
        assertThat(heard.lines()).as("something was logged").isNotEmpty();
        assertThat(secrets).hasSizeGreaterThan(8);
        for (var secret : secrets) {
            assertThat(heard.lines()).noneMatch(line -> line.contains(secret));
        }
        System.out.printf(
                "attacks by kind: %s; %d in all, none got in; %d log lines without a secret%n",
                attacks,
                attacks.values().stream().mapToInt(n -> n).sum(),
                heard.lines().size());
    }

    private void count(String kind) {
        attacks.merge(kind, 1, Integer::sum);
    }

    private Reply as(ApiKey key, String method, String path, String body) throws Exception {
        return api.send(method, path, body, Staff.bearer(key));
    }

    private Reply all(String method, String path, String body) throws Exception {
        return as(staff.everything, method, path, body.replace('\'', '"'));
    }

    private String waiting(String task) throws Exception {
        var created =
                all("POST", "/v1/state-machines", "{'name':'%s','definition':%s}".formatted(task, ASK.formatted(task)));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return all("POST", "/v1/executions", "{'stateMachine':'%s','input':{'n':1}}".formatted(task))
                .json()
                .get("executionId")
                .asText();
    }

    private String token(String task) throws Exception {
        var token = Staff.aws(
                        uri,
                        Staff.id("all"),
                        Staff.SECRET,
                        "GetActivityTask",
                        "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity(task)))
                .json()
                .get("taskToken")
                .asText();
        secrets.add(token);
        return token;
    }

    private String link(String token, Decision decision, Optional<Instant> expires) {
        var link = ApprovalLink.make(token, new Caveats(decision, expires, Optional.of("ada@example.org")));
        secrets.add(link);
        return link;
    }

    private Reply answer(String token) throws Exception {
        return all("POST", "/v1/tasks/" + token + "/success", "{}");
    }

    private String status(String id) throws Exception {
        return all("GET", "/v1/executions/" + id, "").json().get("status").asText();
    }

    private static List<String> everyBitFlipped(String text) {
        var bytes = Base64.getUrlDecoder().decode(text);
        var flipped = new ArrayList<String>();
        for (var bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            flipped.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        return flipped;
    }

    @Test
    void tokensForgedTruncatedAndSwapped() throws Exception {
        var id = waiting("forge");
        var token = token("forge");
        waiting("forge-other");
        var other = token("forge-other");
        var before = stack.appended(Topics.TASK_RESULTS);
        var forged = new TreeMap<String, List<String>>();
        forged.put("token bit flipped", everyBitFlipped(token));
        forged.put("token truncated", prefixes(token));
        forged.put("token extended", List.of(token + "A", token + "=", token + "%00", token + token, "A" + token));
        forged.put(
                "token swapped",
                List.of(
                        token.substring(0, 40) + other.substring(40),
                        other.substring(0, token.length() - 22) + token.substring(token.length() - 22)));
        forged.put(
                "token of another key",
                List.of(
                        TokenKeys.generate().sign(stack.keys.verify(token)),
                        TokenKeys.generate().sign(new TaskToken(id, 1, "0".repeat(16)))));
        for (var kind : forged.entrySet()) {
            for (var text : kind.getValue()) {
                var reply = answer(text);
                assertThat(reply.status()).as(kind.getKey()).isIn(400, 404);
                count(kind.getKey());
            }
        }
        // Signed with our key, for a wait that there is not: it may be asked about, and changes nothing.
        var unbound = stack.keys.sign(new TaskToken(id, 1, "0123456789abcdef"));
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);
        assertThat(answer(unbound).status()).isIn(400, 404, 410);
        count("token of no wait");
        assertThat(status(id)).isEqualTo("RUNNING");
        assertThat(answer(token).status()).isEqualTo(200);
        for (var verb : List.of("success", "failure", "heartbeat", "decision")) {
            assertThat(all("POST", "/v1/tasks/" + token + "/" + verb, "{'decision':'APPROVED'}")
                            .status())
                    .isIn(404, 410, 409);
            count("token replayed");
        }
    }

    private static List<String> prefixes(String text) {
        var prefixes = new ArrayList<String>();
        for (var length = 1; length < text.length(); length++) {
            prefixes.add(text.substring(0, length));
        }
        return prefixes;
    }

    @Test
    void linksForgedSwappedAndReplayed() throws Exception {
        var id = waiting("links");
        var token = token("links");
        var approve = link(token, Decision.APPROVED, Optional.empty());
        var deny = link(token, Decision.DENIED, Optional.empty());
        var expired = link(token, Decision.APPROVED, Optional.of(Instant.now().minusSeconds(1)));
        var before = stack.appended(Topics.TASK_RESULTS);
        var unknown = api.get("/a/x");
        assertThat(unknown.status()).isEqualTo(404);
        var forged = new TreeMap<String, List<String>>();
        forged.put("link bit flipped", everyBitFlipped(approve));
        forged.put("link truncated", prefixes(approve));
        forged.put("link swapped", List.of(approve.substring(0, 60) + deny.substring(60), token, token + approve));
        for (var kind : forged.entrySet()) {
            for (var text : kind.getValue()) {
                var page = api.get("/a/" + text);
                assertThat(page.status()).as(kind.getKey()).isEqualTo(404);
                assertThat(page.text()).isEqualTo(unknown.text());
                assertThat(headers(page)).isEqualTo(headers(unknown));
                assertThat(api.form("/a/" + text, "comment=x").status()).isEqualTo(404);
                count(kind.getKey());
            }
        }
        for (var path : List.of(
                "/approve/" + approve,
                "/deny/" + approve,
                "/a/" + stack.keys.sign(new TaskToken(id, 99, "0".repeat(16))))) {
            assertThat(api.get(path).text()).isEqualTo(unknown.text());
            assertThat(api.form(path, "").status()).isEqualTo(404);
            count("link for another purpose");
        }
        for (var verb : List.of("success", "failure", "heartbeat")) {
            assertThat(all("POST", "/v1/tasks/" + approve + "/" + verb, "{}").status())
                    .isEqualTo(400);
            count("link for another purpose");
        }
        assertThat(all("POST", "/v1/tasks/" + approve + "/decision", "{'decision':'DENIED'}")
                        .status())
                .isEqualTo(400);
        count("link for another purpose");
        assertThat(api.form("/a/" + expired, "").status()).isEqualTo(410);
        count("link expired");
        for (var method : List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")) {
            var unused = api.send(method, "/a/" + approve, "", "Purpose", "prefetch", "Sec-Purpose", "prefetch");
            count("link prefetched");
        }
        for (var site : List.of("cross-site", "same-site", "none", "\"same-origin\"")) {
            assertThat(api.form("/a/" + approve, "", "Sec-Fetch-Site", site).status())
                    .isEqualTo(403);
            count("form from another site");
        }
        assertThat(api.form("/a/" + approve, "", "Origin", "http://evil.example")
                        .status())
                .isEqualTo(403);
        count("form from another site");
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);
        assertThat(status(id)).isEqualTo("RUNNING");
        assertThat(api.form("/a/" + approve, "comment=yes").status()).isEqualTo(303);
        for (var link : List.of(approve, deny, expired)) {
            assertThat(api.form("/a/" + link, "comment=again").status()).isEqualTo(409);
            count("link replayed");
        }
        assertThat(all("GET", "/v1/executions/" + id, "")
                        .json()
                        .at("/output/comment")
                        .asText())
                .isEqualTo("yes");
    }

    private static Map<String, List<String>> headers(Reply reply) {
        var headers = new TreeMap<>(reply.response().headers().map());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("date"));
        return headers;
    }

    private Reply signed(AwsSigner signer, String signedBody, String sentBody, String... instead) throws Exception {
        var headers = new TreeMap<String, String>();
        headers.put("content-type", "application/x-amz-json-1.0");
        headers.put("host", uri.getAuthority());
        headers.put("x-amz-date", signer.amzDate());
        headers.put("x-amz-target", "AWSStepFunctions.CreateActivity");
        var authorization = signer.authorization(headers, signedBody);
        var sent = new TreeMap<>(headers);
        sent.remove("host");
        sent.put("authorization", authorization);
        for (var i = 0; i < instead.length; i += 2) {
            if (instead[i + 1].isEmpty()) {
                sent.remove(instead[i]);
            } else {
                sent.put(instead[i], instead[i + 1].replace("@", sent.getOrDefault(instead[i], "")));
            }
        }
        var all = sent.entrySet().stream()
                .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
        return api.send("POST", "/", sentBody, all);
    }

    @Test
    void signatures() throws Exception {
        var body = "{\"name\":\"stolen\"}";
        var now = Instant.now();
        var id = Staff.id("all");
        var before = stack.appended(Topics.COMMANDS);
        var wrong = List.of(
                new AwsSigner(id, Staff.SECRET, "us-east-1", "states", now.minusSeconds(310)),
                new AwsSigner(id, Staff.SECRET, "us-east-1", "states", now.plusSeconds(310)),
                new AwsSigner(id, Staff.SECRET, "us-east-1", "states", Instant.EPOCH),
                new AwsSigner(id, Staff.SECRET, "eu-west-1", "states", now),
                new AwsSigner(id, Staff.SECRET, "us-east-1", "dynamodb", now),
                new AwsSigner(id, Staff.SECRET + " ", "us-east-1", "states", now),
                new AwsSigner(id, "", "us-east-1", "states", now),
                new AwsSigner("AKIA_nobody", Staff.SECRET, "us-east-1", "states", now),
                new AwsSigner(Staff.id("viewer"), Staff.SECRET, "us-east-1", "states", now));
        for (var signer : wrong) {
            refused(signed(signer, body, body), "signature of another clock, region, service or key");
        }
        var good = new AwsSigner(id, Staff.SECRET, "us-east-1", "states", now);
        for (var sent : List.of("{\"name\":\"other\"}", body + " ", "", body.toUpperCase(java.util.Locale.ROOT))) {
            refused(signed(good, body, sent), "signature over another body");
        }
        for (var instead : List.of(
                new String[] {"authorization", ""},
                new String[] {"x-amz-date", ""},
                new String[] {"content-type", "application/json"},
                new String[] {"content-type", ""},
                new String[] {"x-amz-target", "AWSStepFunctions.DeleteActivity"},
                new String[] {"x-amz-security-token", "x"},
                new String[] {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
                new String[] {"x-amz-more", "x"},
                new String[] {"authorization", "@, @"},
                new String[] {"authorization", "Bearer " + staff.everything.text()},
                new String[] {"authorization", "aws4-hmac-sha256 Credential="},
                new String[] {"authorization", "@" + "x".repeat(5_000)})) {
            refused(signed(good, body, body, instead), "signature with a header changed");
        }
        var whole = good.authorization(
                new TreeMap<>(Map.of(
                        "content-type",
                        "application/x-amz-json-1.0",
                        "host",
                        uri.getAuthority(),
                        "x-amz-date",
                        good.amzDate(),
                        "x-amz-target",
                        "AWSStepFunctions.CreateActivity")),
                body);
        var hex = whole.substring(whole.length() - 64);
        for (var bit = 0; bit < 256; bit++) {
            var bytes = java.util.HexFormat.of().parseHex(hex);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = whole.substring(0, whole.length() - 64)
                    + java.util.HexFormat.of().formatHex(bytes);
            refused(signed(good, body, body, "authorization", flipped), "signature bit flipped");
        }
        assertThat(stack.appended(Topics.COMMANDS)).isEqualTo(before);
        assertThat(signed(good, body, body).status()).isEqualTo(200);
    }

    private void refused(Reply reply, String kind) throws Exception {
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().get("__type").asText())
                .as(kind)
                .isIn(
                        "InvalidSignatureException",
                        "IncompleteSignature",
                        "MissingAuthenticationTokenException",
                        "UnrecognizedClientException");
        count(kind);
    }

    @Test
    void apiKeys() throws Exception {
        var text = staff.everything.text();
        var tries = new ArrayList<String>(List.of(
                "",
                "Bearer",
                "Bearer ",
                "Basic " + text,
                text,
                "bearer " + text,
                "Bearer " + text + "A",
                "Bearer null",
                "Bearer " + text.toUpperCase(java.util.Locale.ROOT),
                "Bearer " + text + ", Bearer " + text));
        prefixes(text).forEach(prefix -> tries.add("Bearer " + prefix));
        for (var i = 4; i < text.length(); i++) {
            tries.add("Bearer " + text.substring(0, i) + (text.charAt(i) == 'a' ? 'b' : 'a') + text.substring(i + 1));
        }
        for (var header : tries) {
            var reply = header.isEmpty()
                    ? api.get("/v1/state-machines?api_key=" + text)
                    : api.send("GET", "/v1/state-machines", "", "Authorization", header);
            assertThat(reply.status()).as("a key that is none").isEqualTo(401);
            count("API key forged");
        }
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
