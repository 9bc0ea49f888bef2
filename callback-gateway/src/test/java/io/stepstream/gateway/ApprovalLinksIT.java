package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Approval pages and the links to them: what they show, that only their forms decide, and that nothing forged gets anywhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class ApprovalLinksIT {

    private Stack stack;
    private Api api;
    private Flow flow;

    @BeforeAll
    void start(Stack shared) {
        stack = shared;
        api = stack.api;
        flow = new Flow(api);
    }

    @Test
    void nothingOfAForgedTokenReachesATopic() throws Exception {
        var id = flow.started("forged", Flow.approval("forged-task"), "{}");
        var token = flow.token("forged-task");
        var foreign = TokenKeys.generate().sign(new TaskToken(id, 1, "0123456789abcdef"));
        var link = ApprovalLink.make(token, caveats(Caveats.Decision.APPROVED, Optional.empty()));
        var before = stack.appended(Topics.TASK_RESULTS);
        var tampered = flipped(token);
        for (var forged : new String[] {tampered, token.substring(1), token + "A", foreign, "x", link}) {
            for (var path : new String[] {"/success", "/failure", "/heartbeat"}) {
                var refused = api.post("/v1/tasks/" + forged + path, path.equals("/success") ? "{}" : "");
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.json().get("type").asText()).isEqualTo("InvalidToken");
            }
            assertThat(api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(forged))
                            .json()
                            .get("__type")
                            .asText())
                    .isEqualTo("InvalidToken");
        }
        var unknown = api.get("/a/" + flipped(link));
        for (var forged : new String[] {tampered, token.substring(1), foreign, "x"}) {
            for (var path : new String[] {"/a/", "/approve/", "/deny/"}) {
                assertThat(api.get(path + forged).status()).isEqualTo(404);
                assertThat(api.form(path + forged, "comment=x").status()).isEqualTo(404);
                assertThat(api.get(path + forged).text()).isEqualTo(unknown.text());
            }
        }
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);
        assertThat(api.get("/v1/executions/" + id).json().get("status").asText())
                .isEqualTo("RUNNING");
    }

    @Test
    void aLinkShowsAndItsFormDecides() throws Exception {
        var id = flow.started("page", Flow.approval("page-task"), "{'title':'<b>chairs</b>','amount':12.5}");
        var token = flow.token("page-task");
        var approve = "/a/" + ApprovalLink.make(token, caveats(Caveats.Decision.APPROVED, Optional.empty()));
        var deny = "/a/" + ApprovalLink.make(token, caveats(Caveats.Decision.DENIED, Optional.empty()));
        var before = stack.appended(Topics.TASK_RESULTS);

        for (var i = 0; i < 2; i++) {
            var page = api.get(approve);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text())
                    .contains("Approve this request?")
                    .contains("&lt;b&gt;chairs&lt;/b&gt;")
                    .contains("12.5")
                    .contains("ada@example.org")
                    .doesNotContain(token)
                    .doesNotContain("***");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(page.header("Cache-Control")).isEqualTo("no-store");
            var head = api.send("HEAD", approve, "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.text()).isEmpty();
        }
        assertThat(api.form(approve, "comment=x", "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);

        var decided = api.form(approve, "comment=Good+%3Cidea%3E", "Sec-Fetch-Site", "same-origin", "Origin", "null");
        assertThat(decided.status()).isEqualTo(303);
        assertThat(decided.header("Location")).isEqualTo(approve);
        assertThat(api.get(approve).text())
                .contains("This request was approved")
                .contains("Approved by <strong>ada@example.org</strong>")
                .contains("Good &lt;idea&gt;")
                .doesNotContain("<form");
        var output = api.get("/v1/executions/" + id).json().get("output");
        assertThat(output.get("decision").asText()).isEqualTo("APPROVED");
        assertThat(output.get("decidedBy").asText()).isEqualTo("ada@example.org");

        var second = api.form(deny, "comment=no");
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text()).contains("came too late").contains("Approved by <strong>ada@example.org</strong>");
        assertThat(api.get(deny).text()).contains("This request was approved");
    }

    @Test
    void plainFormsDecideByTheTokenItself() throws Exception {
        var id = flow.started("plain", Flow.approval("plain-task"), "{}");
        var token = flow.token("plain-task");
        assertThat(api.get("/approve/" + token).text()).contains("Approve this request?");
        assertThat(api.get("/deny/" + token).text())
                .contains("Deny this request?")
                .contains("Your name");
        assertThat(api.form("/deny/" + token, "name=Grace&comment=").status()).isEqualTo(303);
        assertThat(api.get("/v1/executions/" + id)
                        .json()
                        .get("output")
                        .get("decision")
                        .asText())
                .isEqualTo("DENIED");
        assertThat(api.get("/approve/" + token).text()).contains("Denied by <strong>Grace</strong>");
    }

    @Test
    void anExpiredLinkSaysSo() throws Exception {
        flow.started("expired", Flow.approval("expired-task"), "{}");
        var expired =
                caveats(Caveats.Decision.APPROVED, Optional.of(Instant.now().minusSeconds(60)));
        var path = "/a/" + ApprovalLink.make(flow.token("expired-task"), expired);
        assertThat(api.get(path).status()).isEqualTo(410);
        assertThat(api.get(path).text()).contains("This link has expired").doesNotContain("<form");
        assertThat(api.form(path, "comment=x").status()).isEqualTo(410);
    }

    @Test
    void aRequestThatRanOutOfTimeSaysSo() throws Exception {
        var definition = Flow.approval("late-task").replace("'End':true", "'TimeoutSeconds':1,'End':true");
        var id = flow.started("late", definition, "{}");
        var token = flow.token("late-task");
        // The stream of events ends with the execution.
        assertThat(api.get("/v1/executions/" + id + "/events").text()).contains("event: ExecutionFailed");
        assertThat(api.get("/approve/" + token).text()).contains("The time to decide has run out");
        assertThat(api.form("/approve/" + token, "").status()).isEqualTo(410);
    }

    private static String flipped(String text) {
        var last = text.charAt(text.length() - 2);
        return text.substring(0, text.length() - 2) + (last == 'A' ? 'B' : 'A') + text.charAt(text.length() - 1);
    }

    private static Caveats caveats(Caveats.Decision decision, Optional<Instant> expires) {
        return new Caveats(decision, expires, Optional.of("ada@example.org"));
    }
}
