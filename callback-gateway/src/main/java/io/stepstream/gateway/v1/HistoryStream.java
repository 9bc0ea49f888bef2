package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.limits.LongPolls;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An execution's history as server-sent events (HTML standard, section 9.2): all there is, then each event as it happens, until the
 * execution has ended. The read side answers when there is something; while there is not, a comment shows that the line is open.
 */
final class HistoryStream {

    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int PAGE = 200;

    /** Quiet answers between two signs of life: proxies close what has been silent for a minute or less. */
    private static final int QUIET = 5;

    private static final List<String> LAST =
            List.of("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut");

    private final Executions executions;
    private final QueryApi queries;
    private final LongPolls places;

    HistoryStream(Executions executions, QueryApi queries, LongPolls places) {
        this.executions = executions;
        this.queries = queries;
        this.places = places;
    }

    /** Answers until the execution has ended or the client has gone. */
    void send(Call call, ServerResponse response) throws ApiException {
        var execution = executions.describe(call.parameter("execution"));
        var id = Arns.executionId(execution.path("executionArn").asText());
        var last = Bodies.header(call.request(), "Last-Event-ID");
        var asked = last.isEmpty() ? call.query("after") : Optional.of(last);
        var after = Call.number("Last-Event-ID", asked, 0, 0, Long.MAX_VALUE - 1);
        try (var _ = places.take()) {
            var page = queries.events(id, after, PAGE, Duration.ZERO);
            if (isEmpty(page) && execution.hasNonNull("stopDate")) {
                // A client that knows everything is told not to come again.
                response.status(204);
                response.send();
                return;
            }
            response.header("Content-Type", "text/event-stream");
            response.header("Cache-Control", "no-store");
            response.header("X-Accel-Buffering", "no");
            try (var out = response.outputStream()) {
                follow(id, after, page, out);
            } catch (IOException e) {
                throw new UncheckedIOException("a client that follows a history has gone", e);
            }
        }
    }

    private void follow(String id, long start, Optional<ObjectNode> first, OutputStream out)
            throws IOException, ApiException {
        var after = start;
        var page = first;
        var quiet = 0;
        var ended = false;
        out.write(": history\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (true) {
            for (var event : page.map(found -> found.path("events")).orElseGet(() -> empty())) {
                after = event.path("id").longValue();
                out.write(text(event).getBytes(StandardCharsets.UTF_8));
                ended = LAST.contains(event.path("type").asText());
            }
            if (ended) {
                // Unless it was redriven since.
                page = queries.events(id, after, PAGE, Duration.ZERO);
                if (isEmpty(page)) {
                    return;
                }
                continue;
            }
            quiet = isEmpty(page) ? quiet + 1 : 0;
            if (quiet % QUIET == QUIET - 1) {
                out.write(": open\n\n".getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
            page = queries.events(id, after, PAGE, WAIT);
        }
    }

    private static JsonNode empty() {
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static boolean isEmpty(Optional<ObjectNode> page) {
        return page.isEmpty() || page.get().path("events").isEmpty();
    }

    private static String text(JsonNode event) {
        if (event instanceof ObjectNode object) {
            Call.toText(object, "timestamp");
        }
        // JSON has no line ends of its own, so the event's data is one line.
        return "id: %d\nevent: %s\ndata: %s\n\n"
                .formatted(event.path("id").longValue(), event.path("type").asText(), event);
    }
}
