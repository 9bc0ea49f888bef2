package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.stepstream.asl.definition.Finding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {

    @Test
    void aProblemNamesTheErrorAndEveryFinding() {
        var finding = new Finding(Finding.Severity.ERROR, "SCHEMA_VALIDATION_FAILED", "/States/A", "no", "do");
        var failure = new ApiException(ApiError.INVALID_DEFINITION, "Invalid", List.of(finding));
        assertThat(new String(Problems.body(failure), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"InvalidDefinition\",\"title\":\"The definition is not valid\",\"status\":400,"
                        + "\"detail\":\"Invalid\",\"findings\":[{\"severity\":\"error\",\"code\":\"SCHEMA_VALIDATION_FAILED\","
                        + "\"path\":\"/States/A\",\"message\":\"no\",\"fix\":\"do\"}]}");
    }

    @Test
    void onlyWhatMayGetBetterIsToBeRetried() {
        var retried = Arrays.stream(ApiError.values())
                .filter(error -> new ApiException(error, "").retryAfter().isPresent());
        assertThat(retried)
                .containsExactlyInAnyOrder(ApiError.THROTTLED, ApiError.UNAVAILABLE, ApiError.OUTCOME_UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": }     | line 1, column 7",
                "{\"a\": 1} x  | line 1, column 10",
                "``            | the text is empty",
                "[1,           | line 1, column 4",
                "nul           | line 1, column",
            })
    void malformedJsonSaysWhere(String text, String where) {
        var failure = catchThrowableOfType(ApiException.class, () -> Json.parse(text, ApiError.MALFORMED));
        assertThat(failure.detail()).contains(where);
    }

    @Test
    void aPayloadIsMeasuredInBytes() throws Exception {
        var fits = "\"" + "é".repeat((Bodies.PAYLOAD_BYTES - 2) / 2) + "\"";
        assertThat(Bodies.payload("output", fits)).isSameAs(fits);
        var failure = catchThrowableOfType(ApiException.class, () -> Bodies.payload("output", fits + " "));
        assertThat(failure.error()).isEqualTo(ApiError.PAYLOAD_TOO_LARGE);
        assertThat(failure.detail()).contains("262144").contains("262145");
    }
}
