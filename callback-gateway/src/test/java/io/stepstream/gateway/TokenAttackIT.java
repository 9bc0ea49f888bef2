package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Attacks on task tokens and approval links. */
class TokenAttackIT extends AttackedGateway {
    @Override
    int secretsShown() {
        return 9;
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
}
