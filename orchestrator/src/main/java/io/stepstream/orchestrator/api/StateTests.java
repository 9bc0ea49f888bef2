package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.rehearsal.StateTest;
import io.stepstream.asl.rehearsal.StateTestRequest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs single states for gateways, which have no interpreter. Nothing is kept of it. */
final class StateTests {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Clock clock;

    StateTests(Clock clock) {
        this.clock = clock;
    }

    Answer answer(ServerRequest request) {
        return Answer.ok(
                switch (StateTest.run(asked(body(request)))) {
                    case StateTest.Result.Tested(var output) -> output.toString();
                    case StateTest.Result.Refused(var error, var message) ->
                        Json.object().put("refused", error).put("message", message).toString();
                });
    }

    private static ObjectNode body(ServerRequest request) {
        try {
            return MAPPER.readValue(request.content().as(String.class), ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new BadQuery("the body is no JSON object: " + e.getOriginalMessage());
        }
    }

    private StateTestRequest asked(ObjectNode body) {
        var mock = body.path("mock");
        var configuration = body.path("stateConfiguration");
        return new StateTestRequest(
                body.path("definition").asText(),
                text(body, "stateName"),
                text(body, "roleArn"),
                Document.of(body.path("input")),
                StateTestRequest.Level.valueOf(body.path("inspectionLevel").asText()),
                variables(body.path("variables")),
                text(mock, "result"),
                mock.has("errorOutput")
                        ? Optional.of(new StateTestRequest.MockError(
                                mock.path("errorOutput").path("error").asText(),
                                text(mock.path("errorOutput"), "cause")))
                        : Optional.empty(),
                StateTestRequest.FieldValidation.valueOf(
                        text(mock, "fieldValidationMode").orElse("STRICT")),
                text(body, "context"),
                configuration.path("retrierRetryCount").asInt(),
                configuration.path("mapIterationFailureCount").asInt(),
                text(configuration, "mapItemReaderData"),
                UUID.randomUUID().toString(),
                clock.instant());
    }

    private static Map<String, Document> variables(JsonNode given) {
        var variables = new LinkedHashMap<String, Document>();
        given.properties().forEach(entry -> variables.put(entry.getKey(), Document.of(entry.getValue())));
        return variables;
    }

    private static Optional<String> text(JsonNode object, String field) {
        return Optional.ofNullable(object.path(field).textValue());
    }
}
