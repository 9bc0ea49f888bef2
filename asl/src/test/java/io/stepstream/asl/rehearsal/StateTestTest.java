package io.stepstream.asl.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.rehearsal.StateTestRequest.FieldValidation;
import io.stepstream.asl.rehearsal.StateTestRequest.Level;
import io.stepstream.asl.rehearsal.StateTestRequest.MockError;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single states, run by themselves. The recordings of TestState are played over the wire by the gateway's tests. */
class StateTestTest {
    private static final String TASK = """
            {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl.$":"$.q"},"ResultPath":"$.sent",
             "Next":"Then","Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"MaxAttempts":2}],
             "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Sorry"}]}""";

    private static StateTestRequest request(
            String definition, Optional<String> mock, Optional<MockError> error, int retries) {
        return new StateTestRequest(
                definition,
                Optional.empty(),
                Optional.empty(),
                Document.ofTrusted("{\"q\":\"queue\"}"),
                Level.DEBUG,
                Map.of(),
                mock,
                error,
                FieldValidation.STRICT,
                Optional.empty(),
                retries,
                0,
                Optional.empty(),
                "test",
                Instant.EPOCH);
    }

    private static String run(StateTestRequest request) {
        return switch (StateTest.run(request)) {
            case StateTest.Result.Tested(var output) -> output.toString();
            case StateTest.Result.Refused(var error, var message) -> error + ": " + message;
        };
    }

    @Test
    void aTaskGivesWhatItsMockSaysAndWhatItWentThrough() {
        var mock = Optional.of("{\"MessageId\":\"m\"}");
        assertThat(run(request(TASK, mock, Optional.empty(), 0)))
                .contains("\"status\":\"SUCCEEDED\"", "\"nextState\":\"Then\"")
                .contains("\"output\":\"{\\\"q\\\":\\\"queue\\\",\\\"sent\\\":{\\\"MessageId\\\":\\\"m\\\"}}\"")
                .contains("\"afterParameters\":\"{\\\"QueueUrl\\\":\\\"queue\\\"}\"")
                .contains("\"result\":\"{\\\"MessageId\\\":\\\"m\\\"}\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Busy  | 0 | RETRIABLE    | \"errorDetails\":{\"retryIndex\":0,\"retryBackoffIntervalSeconds\":2}",
                "Busy  | 1 | RETRIABLE    | \"errorDetails\":{\"retryIndex\":0,\"retryBackoffIntervalSeconds\":4}",
                "Busy  | 2 | CAUGHT_ERROR | \"errorDetails\":{\"retryIndex\":0,\"catchIndex\":0}",
                "Other | 0 | CAUGHT_ERROR | \"nextState\":\"Sorry\""
            })
    void anErrorIsRetriedThenCaught(String error, int retries, String status, String detail) {
        var mock = Optional.of(new MockError(error, Optional.of("why")));
        assertThat(run(request(TASK, Optional.empty(), mock, retries)))
                .contains("\"status\":\"" + status + "\"", "\"error\":\"" + error + "\"", detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"Type\":\"Succeed\"} | {} | ValidationException: State type 'Succeed' is not supported when a mock is specified",
                "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage\",\"Parameters\":{},\"End\":true} | {\"MessageId\":1} | ValidationException: Mock result schema validation error: Field 'MessageId' must be a string",
                "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage\",\"Parameters\":{},\"End\":true} | nonsense | ValidationException: Mocked result must be valid JSON",
            })
    void whatCannotBeTestedIsRefused(String definition, String mock, String said) {
        assertThat(run(request(definition, Optional.of(mock), Optional.empty(), 0)))
                .isEqualTo(said);
    }
}
