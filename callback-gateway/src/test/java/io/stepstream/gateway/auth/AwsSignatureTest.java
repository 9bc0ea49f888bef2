package io.stepstream.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.http.ApiException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsSignatureTest {

    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private record Request(String path, String query, Map<String, List<String>> all) implements AwsSignature.Signed {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public List<String> header(String name) {
            return all.getOrDefault(name, List.of());
        }

        @Override
        public List<String> headers() {
            return List.copyOf(all.keySet());
        }
    }

    /** Of AWS's own test suite for signature version 4, {@code post-x-www-form-urlencoded}, but for the service. */
    private static Map<String, List<String>> headers() {
        var headers = new LinkedHashMap<String, List<String>>();
        headers.put("content-type", List.of("application/x-www-form-urlencoded"));
        headers.put("host", List.of("example.amazonaws.com"));
        headers.put("x-amz-date", List.of("20150830T123600Z"));
        headers.put(
                "authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/states/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature="
                                + "0".repeat(64)));
        return headers;
    }

    /** The suite's signature is for the service named {@code service}: the same code, asked to sign for that. */
    @Test
    void signsAsAwssTestSuite() throws Exception {
        var request = new Request("/", "", headers());
        var signature = new AwsSignature(
                "AKIDEXAMPLE",
                "20150830/us-east-1/service/aws4_request",
                List.of("content-type", "host", "x-amz-date"),
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
                NOW);
        signature.verify(request, "Param1=value1", SECRET);
        assertThatThrownBy(() -> signature.verify(request, "Param1=value2", SECRET))
                .hasMessageContaining("does not match");
        assertThatThrownBy(() -> signature.verify(request, "Param1=value1", SECRET + "x"))
                .hasMessageContaining("does not match");
        assertThatThrownBy(() -> signature.verify(new Request("/x", "", headers()), "Param1=value1", SECRET))
                .hasMessageContaining("does not match");
        assertThatThrownBy(() -> signature.verify(new Request("/", "a=b", headers()), "Param1=value1", SECRET))
                .hasMessageContaining("does not match");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "authorization |                     | MissingAuthenticationTokenException | Missing Authentication Token",
                "authorization | Basic abc           | IncompleteSignature       | Authorization header must be",
                "authorization | AWS4-HMAC-SHA256 Credential=a/b | IncompleteSignature | Authorization header must be",
                "x-amz-date    |                     | IncompleteSignature       | requires existence of an 'X-Amz-Date'",
                "x-amz-date    | 2015-08-30          | IncompleteSignature       | ISO-8601 'basic format'",
                "x-amz-date    | 20150831T123600Z    | InvalidSignatureException | Date in Credential scope does not match",
                "x-amz-date    | 20150830T123059Z    | InvalidSignatureException | Signature expired: 20150830T123059Z is now earlier than 20150830T123100Z",
                "x-amz-date    | 20150830T124101Z    | InvalidSignatureException | Signature not yet current",
                "host          |                     | InvalidSignatureException | The signed header 'host' is not in the request",
                "x-amz-target  | AWSStepFunctions.X  | InvalidSignatureException | 'x-amz-target' must be a 'SignedHeader'",
                "x-amz-security-token | x            | InvalidSignatureException | 'x-amz-security-token' must be a 'SignedHeader'",
            })
    void refusesWhatCannotBeGood(String header, String value, String type, String message) {
        var headers = headers();
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, List.of(value));
        }
        assertThatThrownBy(() -> AwsSignature.read(new Request("/", "", headers), "us-east-1", NOW))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.error().awsName()).isEqualTo(type))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1,eu-central-1,valid region",
        "states,dynamodb,correct service",
        "host;,,must be a 'SignedHeader'"
    })
    void refusesAnotherScope(String part, String instead, String message) {
        var headers = headers();
        headers.computeIfPresent(
                "authorization",
                (name, values) -> List.of(values.getFirst().replace(part, instead == null ? "" : instead)));
        assertThatThrownBy(() -> AwsSignature.read(new Request("/", "", headers), "us-east-1", NOW))
                .hasMessageContaining(message);
    }

    @Test
    void takesAClockThatIsAlmostFiveMinutesOff() throws Exception {
        var request = new Request("/", "", headers());
        for (var now : List.of(NOW.minusSeconds(300), NOW.plusSeconds(300))) {
            assertThat(AwsSignature.read(request, "us-east-1", now).accessKeyId())
                    .isEqualTo("AKIDEXAMPLE");
        }
    }
}
