package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a {@link StateTest}, in the words of the API operation TestState.
 *
 * @param definition of the state, or of a state machine if {@code stateName} names one of its states
 * @param mockText the mock's result as it was given
 * @param retries how often the retrier that matches has been used
 * @param iterationFailures how many iterations of a Map state have failed
 * @param id source of the names that the context object shows
 * @param now the time of the test
 */
public record StateTestRequest(
        String definition,
        Optional<String> stateName,
        Optional<String> roleArn,
        Document input,
        Level level,
        Map<String, Document> variables,
        Optional<String> mockText,
        Optional<MockError> mockError,
        FieldValidation fieldValidation,
        Optional<String> contextText,
        int retries,
        int iterationFailures,
        Optional<String> itemReaderData,
        String id,
        Instant now) {

    /** How much is told of what the state went through. */
    public enum Level {
        INFO,
        DEBUG,
        TRACE
    }

    /** How a mocked result is compared with what the service's API says. */
    public enum FieldValidation {
        STRICT,
        PRESENT,
        NONE
    }

    /** The error that the mock gives. */
    public record MockError(String error, Optional<String> cause) {}

    /** The mock's result, if there is one and it is JSON. */
    Optional<JsonNode> mockResult() {
        return mockText.flatMap(Documents::tree);
    }

    boolean isMocked() {
        return mockText.isPresent() || mockError.isPresent();
    }
}
