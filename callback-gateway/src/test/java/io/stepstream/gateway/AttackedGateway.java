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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A locked gateway in front of a real engine, to be attacked. None gets in, none stops the service, and no secret is in a log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AttackedGateway {

    static final Duration HEAD = Duration.ofSeconds(2);
    private static final Rate MANY = new Rate(1_000_000, 1_000_000);
    private static final HttpLimits LIMITS =
            new HttpLimits(1_000_000, 16_384, HEAD, Duration.ofSeconds(2), 10_000, 100, MANY, MANY, MANY, MANY);
    private static final String ASK =
            "{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                    + "'Parameters':{'FunctionName':'%s','Payload':{'token.$':'$$.Task.Token','request.$':'$'}},'End':true}}}";

    private Heard heard;
    Stack stack;
    Staff staff;
    URI uri;
    Api api;
    RawHttp raw;
    final Map<String, Integer> attacks = new TreeMap<>();
    final List<String> secrets = new ArrayList<>();

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
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(secretsShown());
        for (var secret : secrets) {
            assertThat(heard.lines()).noneMatch(line -> line.contains(secret));
        }
        System.out.printf(
                "attacks by kind: %s; %d in all, none got in; %d log lines without a secret%n",
                attacks,
                attacks.values().stream().mapToInt(n -> n).sum(),
                heard.lines().size());
    }

    void count(String kind) {
        attacks.merge(kind, 1, Integer::sum);
    }

    Reply as(ApiKey key, String method, String path, String body) throws Exception {
        return api.send(method, path, body, Staff.bearer(key));
    }

    Reply all(String method, String path, String body) throws Exception {
        return as(staff.everything, method, path, body.replace('\'', '"'));
    }

    String waiting(String task) throws Exception {
        var created =
                all("POST", "/v1/state-machines", "{'name':'%s','definition':%s}".formatted(task, ASK.formatted(task)));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return all("POST", "/v1/executions", "{'stateMachine':'%s','input':{'n':1}}".formatted(task))
                .json()
                .get("executionId")
                .asText();
    }

    String token(String task) throws Exception {
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

    String link(String token, Decision decision, Optional<Instant> expires) {
        var link = ApprovalLink.make(token, new Caveats(decision, expires, Optional.of("ada@example.org")));
        secrets.add(link);
        return link;
    }

    Reply answer(String token) throws Exception {
        return all("POST", "/v1/tasks/" + token + "/success", "{}");
    }

    String status(String id) throws Exception {
        return all("GET", "/v1/executions/" + id, "").json().get("status").asText();
    }

    static List<String> everyBitFlipped(String text) {
        var bytes = Base64.getUrlDecoder().decode(text);
        var flipped = new ArrayList<String>();
        for (var bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            flipped.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        return flipped;
    }

    static List<String> prefixes(String text) {
        var prefixes = new ArrayList<String>();
        for (var length = 1; length < text.length(); length++) {
            prefixes.add(text.substring(0, length));
        }
        return prefixes;
    }

    /** How many secrets there were, at least, that no log may show. */
    abstract int secretsShown();
}
