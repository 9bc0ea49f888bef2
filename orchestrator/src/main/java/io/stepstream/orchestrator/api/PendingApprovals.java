package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.orchestrator.views.Views;
import io.stepstream.orchestrator.views.ViewsUnavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** What waits for a person's decision, oldest first: every instance is asked for its part, and the parts are put together. */
final class PendingApprovals {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern PLACE = Pattern.compile("([0-9a-f]{2}){0,64}");
    private static final int MOST = 1000;

    private PendingApprovals() {}

    static Answer answer(Views views, Relay relay, ServerRequest request) throws InterruptedException {
        var after = request.query().first("after").orElse("");
        if (!PLACE.matcher(after).matches()) {
            throw new BadQuery("after=" + after + ": give the place of an entry");
        }
        var limit = (int) Query.number("limit", request.query().first("limit").orElse("100"), 1, MOST);
        var entries = new ArrayList<JsonNode>();
        views.approvals(after, limit).forEach(entry -> entries.add(ApprovalJson.approval(entry)));
        if (!request.headers().contains(Relay.PASSED_ON)) {
            for (var other : views.others()) {
                entries.addAll(entries(relay.pass(request, other)));
            }
        }
        entries.sort(Comparator.comparing(entry -> entry.path("place").asText()));
        var json = Json.object();
        json.putArray("approvals").addAll(entries.subList(0, Math.min(limit, entries.size())));
        return Answer.ok(json.toString());
    }

    private static List<JsonNode> entries(Answer answer) {
        if (answer.status() != 200) {
            throw new ViewsUnavailable("An instance that holds a part of the list does not answer; try again");
        }
        try {
            var entries = new ArrayList<JsonNode>();
            MAPPER.readTree(answer.json()).path("approvals").forEach(entries::add);
            return entries;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an instance sent no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
