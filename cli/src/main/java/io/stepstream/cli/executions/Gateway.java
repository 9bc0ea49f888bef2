package io.stepstream.cli.executions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The gateway's native API, as far as it finds executions and state machines and does something to them. */
final class Gateway implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(10));
    private static final int TOO_MANY_REQUESTS = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final Optional<String> key;

    /** @param key an API key of an operator, where the gateway wants one */
    Gateway(URI uri, Optional<String> key) {
        this.uri = uri;
        this.key = key;
    }

    /** What something is done to, by the paths of the API. */
    enum Resource {
        EXECUTION("/v1/executions", "executions"),
        STATE_MACHINE("/v1/state-machines", "state machines");

        private final String path;
        private final String words;

        Resource(String path, String words) {
            this.path = path;
            this.words = words;
        }
    }

    /** What became of one of them. */
    sealed interface Done {
        record Accepted() implements Done {}

        record Refused(String why) implements Done {}
    }

    /**
     * A page of executions.
     *
     * @param next where to go on; empty behind the last page
     */
    record Page(List<String> arns, Optional<String> next) {}

    Page search(Map<String, String> query, Optional<String> from, int limit) throws InterruptedException {
        var asked = new TreeMap<>(query);
        asked.put("limit", Integer.toString(limit));
        from.ifPresent(token -> asked.put("nextToken", token));
        var text = asked.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        var response = send(() -> request("/v1/executions?" + text).GET().build());
        if (response.statusCode() / 100 != 2) {
            throw new Trouble("the gateway refuses the search: " + detail(response));
        }
        var page = json(response);
        var token = page.path("nextToken");
        return new Page(
                page.path("executions").findValuesAsText("executionArn"),
                token.isTextual() ? Optional.of(token.asText()) : Optional.empty());
    }

    /** A state machine as lists show it. */
    record StateMachine(String arn, String name, boolean paused) {}

    /** State machines in the order of their names, so many after a name. */
    List<StateMachine> stateMachines(Optional<String> after, int limit) throws InterruptedException {
        var from = after.map(name -> "&after=" + encoded(name)).orElse("");
        var response = send(
                () -> request("/v1/state-machines?limit=" + limit + from).GET().build());
        if (response.statusCode() / 100 != 2) {
            throw new Trouble("the gateway refuses the list of state machines: " + detail(response));
        }
        var found = new ArrayList<StateMachine>();
        json(response)
                .path("stateMachines")
                .forEach(machine -> found.add(new StateMachine(
                        machine.path("stateMachineArn").asText(),
                        machine.path("name").asText(),
                        machine.hasNonNull("pausedAt"))));
        return found;
    }

    /** @param requestId the same for a repeat, which then gets the first answer */
    Done apply(Resource resource, Verb verb, String arn, String requestId) throws InterruptedException {
        var response = send(() -> request(resource.path + "/" + encoded(arn) + "/" + verb.text())
                .header("Idempotency-Key", requestId)
                .POST(BodyPublishers.noBody())
                .build());
        return switch (response.statusCode()) {
            case 401, 403 ->
                throw new Trouble("the gateway does not let you " + verb.text() + " " + resource.words + ": "
                        + detail(response) + "; give an operator's API key by --key-file");
            default -> response.statusCode() / 100 == 2 ? new Done.Accepted() : new Done.Refused(detail(response));
        };
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(uri.resolve(path)).timeout(LONGEST);
        key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    /** Makes a request until it is answered for good: what is asked again has the same key. */
    private HttpResponse<String> send(Supplier<HttpRequest> request) throws InterruptedException {
        for (var pause : PAUSES) {
            try {
                var response = http.send(request.get(), BodyHandlers.ofString());
                if (response.statusCode() != TOO_MANY_REQUESTS && response.statusCode() / 100 != 5) {
                    return response;
                }
            } catch (IOException e) {
                // Asked again, as if it had been answered by 503.
            }
            Thread.sleep(pause);
        }
        try {
            var response = http.send(request.get(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 5) {
                return response;
            }
            throw new Trouble("the gateway at " + uri + " cannot do it now: " + detail(response)
                    + "; give the same command again later");
        } catch (IOException e) {
            throw new Trouble(
                    "the gateway at " + uri + " does not answer (" + e + "); give its address by --gateway", e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new Trouble("the gateway's answer is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String detail(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body()).path("detail").asText(response.body());
        } catch (JsonProcessingException e) {
            return response.statusCode() + " " + response.body();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
