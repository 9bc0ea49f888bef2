package io.stepstream.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The gateway's native API and its approval pages, as the demo uses them. */
final class GatewayClient implements AutoCloseable {

    /** As long as the training run of an image may take on a machine that does much else. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    // A decision answers by a redirection to the page that shows it.
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private final URI gateway;

    GatewayClient(URI gateway) {
        this.gateway = gateway;
    }

    /** Creates the state machine or finds it there; answers its ARN. */
    String createStateMachine(String name, JsonNode definition) throws InterruptedException {
        ObjectNode request = JSON.createObjectNode().put("name", name);
        request.set("definition", definition);
        return post("/v1/state-machines", request).path("stateMachineArn").asText();
    }

    /** Starts an execution; answers its ARN. */
    String startExecution(String stateMachineArn, String name, JsonNode input) throws InterruptedException {
        ObjectNode request =
                JSON.createObjectNode().put("stateMachine", stateMachineArn).put("name", name);
        request.set("input", input);
        return post("/v1/executions", request).path("executionArn").asText();
    }

    JsonNode execution(String executionId) throws InterruptedException {
        return json(send(request("/v1/executions/" + executionId).GET().build()));
    }

    /** The history events after one, oldest first. */
    JsonNode history(String executionId, long after) throws InterruptedException {
        return json(send(request("/v1/executions/" + executionId + "/history?after=" + after)
                        .GET()
                        .build()))
                .path("events");
    }

    /** Opens a link's page as a browser does. */
    String page(URI link) throws InterruptedException {
        return send(to(link).GET().build()).body();
    }

    /** Presses the button on a link's page. */
    String decide(URI link, String comment) throws InterruptedException {
        return send(to(link).header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("comment=" + URLEncoder.encode(comment, StandardCharsets.UTF_8)))
                        .build())
                .body();
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode post(String path, JsonNode body) throws InterruptedException {
        return json(send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build()));
    }

    private HttpRequest.Builder request(String path) {
        return to(gateway.resolve(path));
    }

    private static HttpRequest.Builder to(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(LONGEST);
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Trouble("the gateway does not answer " + request.method() + " " + masked(request) + ": " + e, e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new Trouble("the gateway answers " + request.method() + " " + masked(request) + " by "
                    + response.statusCode() + ": " + response.body());
        }
        return response;
    }

    /** Links are secrets; what stands before them is not. */
    private static String masked(HttpRequest request) {
        return request.uri().getPath().replaceAll("[A-Za-z0-9_-]{60,}", "***");
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new Trouble(
                    "the gateway's answer to " + response.uri().getPath() + " is no JSON: " + e.getMessage(), e);
        }
    }
}
