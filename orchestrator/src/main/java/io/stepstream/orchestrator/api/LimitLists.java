package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.orchestrator.metrics.LimitStandings;
import io.stepstream.orchestrator.views.Views;
import io.stepstream.orchestrator.views.ViewsUnavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How limits stand, by key: every instance is asked for those whose homes it has, and the parts are put together. */
final class LimitLists {

    private static final JsonMapper MAPPER = new JsonMapper();
    /** One more than a page of the gateway's, which is how it knows that there are more. */
    private static final int MOST = 1001;

    private final Relay relay;
    private final LimitStandings limits;

    LimitLists(Relay relay, LimitStandings limits) {
        this.relay = relay;
        this.limits = limits;
    }

    /** Those behind the key {@code after}, or the one of {@code key}. */
    Answer answer(Views views, ServerRequest request) throws InterruptedException {
        var key = request.query().first("key").asOptional();
        var after = request.query().first("after").orElse("");
        var limit = (int) Query.number("limit", request.query().first("limit").orElse("100"), 1, MOST);
        var entries = new ArrayList<JsonNode>();
        limits.all().stream()
                .filter(standing -> key.map(standing.key()::equals)
                        .orElseGet(() -> standing.key().compareTo(after) > 0))
                .limit(limit)
                .forEach(standing -> entries.add(entry(standing)));
        if (!Relay.wasPassedOn(request)) {
            for (var other : views.others()) {
                entries.addAll(entries(relay.pass(request, other)));
            }
        }
        entries.sort(Comparator.comparing(entry -> entry.path("key").asText()));
        var json = Json.object();
        json.putArray("limits").addAll(entries.subList(0, Math.min(limit, entries.size())));
        return Answer.ok(json.toString());
    }

    private static JsonNode entry(LimitStandings.Standing standing) {
        var entry = Json.object().put("key", standing.key());
        standing.max().ifPresent(max -> entry.put("max", max));
        return entry.put("running", standing.running()).put("queued", standing.queued());
    }

    private static List<JsonNode> entries(Answer answer) {
        if (!answer.isOk()) {
            throw new ViewsUnavailable("An instance that has a part of the limits does not answer; try again");
        }
        try {
            var entries = new ArrayList<JsonNode>();
            MAPPER.readTree(answer.json()).path("limits").forEach(entries::add);
            return entries;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an instance sent no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
