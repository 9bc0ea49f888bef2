package io.stepstream.cli.executions;

import io.stepstream.cli.NativeApi;
import io.stepstream.cli.dev.Trouble;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The gateway's native API, as far as it finds executions and state machines and does something to them. */
final class Gateway implements AutoCloseable {
    private final NativeApi api;

    Gateway(NativeApi api) {
        this.api = api;
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
                .map(entry -> entry.getKey() + "=" + NativeApi.encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        var response =
                api.send(() -> api.request("/v1/executions?" + text).GET().build());
        if (response.statusCode() / 100 != 2) {
            throw new Trouble("the gateway refuses the search: " + NativeApi.detail(response));
        }
        var page = NativeApi.json(response);
        var token = page.path("nextToken");
        return new Page(
                page.path("executions").findValuesAsText("executionArn"),
                token.isTextual() ? Optional.of(token.asText()) : Optional.empty());
    }

    /** A state machine as lists show it. */
    record StateMachine(String arn, String name, boolean paused) {}

    /** State machines in the order of their names, so many after a name. */
    List<StateMachine> stateMachines(Optional<String> after, int limit) throws InterruptedException {
        var from = after.map(name -> "&after=" + NativeApi.encoded(name)).orElse("");
        var response = api.send(() ->
                api.request("/v1/state-machines?limit=" + limit + from).GET().build());
        if (response.statusCode() / 100 != 2) {
            throw new Trouble("the gateway refuses the list of state machines: " + NativeApi.detail(response));
        }
        var found = new ArrayList<StateMachine>();
        NativeApi.json(response)
                .path("stateMachines")
                .forEach(machine -> found.add(new StateMachine(
                        machine.path("stateMachineArn").asText(),
                        machine.path("name").asText(),
                        machine.hasNonNull("pausedAt"))));
        return found;
    }

    /** @param requestId the same for a repeat, which then gets the first answer */
    Done apply(Resource resource, Verb verb, String arn, String requestId) throws InterruptedException {
        var response = api.send(() -> api.request(resource.path + "/" + NativeApi.encoded(arn) + "/" + verb.text())
                .header("Idempotency-Key", requestId)
                .POST(BodyPublishers.noBody())
                .build());
        return switch (response.statusCode()) {
            case 401, 403 ->
                throw new Trouble("the gateway does not let you " + verb.text() + " " + resource.words + ": "
                        + NativeApi.detail(response) + "; give an operator's API key by --key-file");
            default ->
                response.statusCode() / 100 == 2 ? new Done.Accepted() : new Done.Refused(NativeApi.detail(response));
        };
    }

    @Override
    public void close() {
        api.close();
    }
}
