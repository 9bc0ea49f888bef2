package io.stepstream.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.orchestrator.views.HistoryPage;
import io.stepstream.orchestrator.views.HistoryPage.StoredEvent;
import io.stepstream.orchestrator.views.Steps;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.PayloadRef;
import io.stepstream.schemas.avro.Purged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

    private static final Payload PURGED = new Payload(new Purged(Instant.EPOCH, "dana"));

    @ParameterizedTest
    @MethodSource
    void detailsAreAsAwsGivesThem(String type, List<Object> fields, String expected) {
        assertThat(event(type, fields)).isEqualTo(expected);
    }

    /** Names and values in turn, as in AWS's recordings. */
    static Stream<Arguments> detailsAreAsAwsGivesThem() {
        var payload = Payloads.of("[1]");
        return Stream.of(
                Arguments.of("LambdaFunctionStarted", List.of(), ""),
                Arguments.of("TaskStateAborted", List.of(), ""),
                Arguments.of("ActivityStarted", List.of(), "\"activityStartedEventDetails\":{}"),
                Arguments.of(
                        "PassStateEntered",
                        List.of("name", "A", "input", payload),
                        "\"stateEnteredEventDetails\":{\"name\":\"A\",\"input\":\"[1]\","
                                + "\"inputDetails\":{\"truncated\":false}}"),
                Arguments.of(
                        "TaskScheduled",
                        List.of("resourceType", "lambda", "parameters", payload, "timeoutInSeconds", 60L),
                        "\"taskScheduledEventDetails\":{\"resourceType\":\"lambda\",\"parameters\":\"[1]\","
                                + "\"timeoutInSeconds\":60}"),
                Arguments.of(
                        "LambdaFunctionScheduled",
                        List.of("taskCredentials/roleArn", "role"),
                        "\"lambdaFunctionScheduledEventDetails\":{\"taskCredentials\":{\"roleArn\":\"role\"}}"),
                Arguments.of(
                        "PassStateExited",
                        List.of("output", payload, "assignedVariables/a", payload, "assignedVariables/b/c", payload),
                        "\"stateExitedEventDetails\":{\"output\":\"[1]\",\"outputDetails\":{\"truncated\":false},"
                                + "\"assignedVariables\":{\"a\":\"[1]\",\"b/c\":\"[1]\"},"
                                + "\"assignedVariablesDetails\":{\"truncated\":false}}"),
                Arguments.of(
                        "TaskSucceeded",
                        List.of("output", PURGED),
                        "\"taskSucceededEventDetails\":{\"output\":\"\\\"***purged***\\\"\","
                                + "\"outputDetails\":{\"truncated\":false}}"),
                Arguments.of(
                        "ExecutionFailed",
                        List.of("error", "Boom", "cause", "why"),
                        "\"executionFailedEventDetails\":{\"error\":\"Boom\",\"cause\":\"why\"}"));
    }

    @Test
    void aTypeThatAwsHasNotIsOurError() {
        assertThatThrownBy(() -> event("TaskDreamt", List.of())).hasMessageContaining("TaskDreamt");
    }

    /** What follows the type. */
    private static String event(String type, List<Object> fields) {
        var payloads = new ArrayList<Payload>();
        var details = new ArrayList<EventDetail>();
        for (var i = 0; i < fields.size(); i += 2) {
            var value = fields.get(i + 1);
            if (value instanceof Payload payload) {
                payloads.add(payload);
                value = new PayloadRef(payloads.size() - 1);
            }
            details.add(new EventDetail((String) fields.get(i), value));
        }
        var step = HistoryRecord.newBuilder(new Steps("json").started("{}"))
                .setPayloads(payloads)
                .build();
        var page = new HistoryPage(List.of(new StoredEvent(new Event(1L, 0L, type, details), step)), false);
        var json = Json.page(page).toString();
        var head = "{\"events\":[{\"id\":1,\"previousEventId\":0,\"timestamp\":" + Steps.START.toEpochMilli()
                + ",\"type\":\"" + type + "\"";
        assertThat(json).startsWith(head).endsWith("}],\"more\":false}");
        return json.substring(head.length(), json.length() - "}],\"more\":false}".length())
                .replaceFirst("^,", "");
    }
}
