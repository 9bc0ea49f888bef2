package io.stepstream.orchestrator.api;

import io.helidon.webserver.http.ServerRequest;
import io.stepstream.orchestrator.views.ListFilter;
import io.stepstream.orchestrator.views.ListMerge;
import io.stepstream.orchestrator.views.ListPage;
import io.stepstream.orchestrator.views.Position;
import io.stepstream.orchestrator.views.Views;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;

/** Lists of executions: gathered from all instances, and put together page by page. */
final class ExecutionLists {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final Relay relay;

    ExecutionLists(Relay relay) {
        this.relay = relay;
    }

    Answer answer(Views views, ServerRequest request) throws InterruptedException {
        var query = request.query();
        var owner = query.first("owner").asOptional();
        if (!owner.map(id -> Query.EXECUTION_ID.matcher(id).matches()).orElse(true)) {
            throw new BadQuery("owner=" + owner.get() + ": give 32 lower-case hexadecimal digits");
        }
        var filter = new ListFilter(
                owner,
                query.first("status").asOptional(),
                query.first("version").asOptional(),
                query.first("alias").asOptional(),
                oneOf("redrive", request, ListFilter.Redrive.ANY, ListFilter.Redrive.values()),
                oneOf("pause", request, ListFilter.Pause.ANY, ListFilter.Pause.values()),
                new ListFilter.Search(
                        query.first("name").orElse(""),
                        instant("from", request),
                        instant("before", request),
                        query.first("error").asOptional()));
        var after = query.first("after").asOptional().map(Place::position).orElse(Position.FIRST);
        var limit = (int) Query.number("limit", query.first("limit").orElse(Integer.toString(USUAL)), 1, MOST);
        var pages = new ArrayList<ListPage>();
        pages.add(views.list(filter, after, limit));
        if (!Relay.wasPassedOn(request)) {
            for (var other : views.others()) {
                var answer = relay.pass(request, other);
                if (!answer.isOk()) {
                    return answer;
                }
                pages.add(Json.list(answer.json()));
            }
        }
        return Answer.ok(Json.list(ListMerge.of(pages, limit)).toString());
    }

    private static Optional<Instant> instant(String name, ServerRequest request) {
        return request.query()
                .first(name)
                .asOptional()
                .map(text -> Instant.ofEpochMilli(Query.number(name, text, 1, Long.MAX_VALUE)));
    }

    private static <T extends Enum<T>> T oneOf(String name, ServerRequest request, T usual, T[] words) {
        var text = request.query().first(name).orElse(usual.name());
        return Arrays.stream(words)
                .filter(word -> word.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadQuery(name + "=" + text + ": give one of " + Arrays.toString(words)));
    }
}
