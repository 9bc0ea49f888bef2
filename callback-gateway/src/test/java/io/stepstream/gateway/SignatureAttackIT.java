package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Attacks on signatures and API keys. */
class SignatureAttackIT extends AttackedGateway {
    @Override
    int secretsShown() {
        return 3;
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
}
