package io.stepstream.integrations.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Starts executions by the gateway's API, whose answer is the engine's verdict. */
final class ExecutionStarter implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI gateway;
    private final Optional<String> apiKey;

    ExecutionStarter(URI gateway, Optional<String> apiKey) {
        this.gateway = gateway;
        this.apiKey = apiKey;
    }

    /** What came of it. */
    sealed interface Started {
        /** It runs, or did before. */
        record Yes() implements Started {}

        /** It never will: the input is not one. */
        record Never(String error, String reason) implements Started {}

        /** It may at another time: somebody is away, or has still to deploy or allow something. */
        record NotNow(String reason) implements Started {}
    }

    /** @param name the execution's, and the request's id: a repeat starts nothing new */
    Started start(String stateMachine, String name, JsonNode input, Map<String, String> trace)
            throws InterruptedException {
        var body = JSON.createObjectNode().put("stateMachine", stateMachine).put("name", name);
        body.set("input", input);
        var request = HttpRequest.newBuilder(gateway.resolve("/v1/executions"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", name)
                .POST(BodyPublishers.ofString(body.toString()));
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        trace.forEach(request::header);
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            return new Started.NotNow("the gateway at " + gateway + " does not answer: " + e);
        }
        return started(response.statusCode(), response.body());
    }

    private static Started started(int status, String body) {
        var type = type(body);
        return switch (status) {
            case 200, 201 -> new Started.Yes();
            case 409 ->
                type.equals("ExecutionAlreadyExists")
                        ? new Started.Yes()
                        : new Started.NotNow("the gateway answers 409: " + body);
            case 400, 413, 422 -> new Started.Never(type, "the gateway answers " + status + ": " + body);
            default -> new Started.NotNow("the gateway answers " + status + ": " + body);
        };
    }

    private static String type(String body) {
        try {
            return JSON.readTree(body).path("type").asText("Refused");
        } catch (JsonProcessingException e) {
            return "Refused";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
