package io.stepstream.cli.executions;

import io.stepstream.cli.NativeApi;
import io.stepstream.cli.dev.Trouble;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The gateway's native API, as far as it finds executions and does something to them. */
final class Gateway implements AutoCloseable {
    private final NativeApi api;

    /** @param key an API key of an operator, where the gateway wants one */
    Gateway(URI uri, Optional<String> key) {
        api = new NativeApi(uri, key);
    }

    /** What became of one execution. */
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

    /** @param requestId the same for a repeat, which then gets the first answer */
    Done apply(Verb verb, String executionArn, String requestId) throws InterruptedException {
        var response =
                api.send(() -> api.request("/v1/executions/" + NativeApi.encoded(executionArn) + "/" + verb.text())
                        .header("Idempotency-Key", requestId)
                        .POST(BodyPublishers.noBody())
                        .build());
        return switch (response.statusCode()) {
            case 401, 403 ->
                throw new Trouble("the gateway does not let you " + verb.text() + " executions: "
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
