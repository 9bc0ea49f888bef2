package io.stepstream.orchestrator.api;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.metrics.LimitStandings;
import io.stepstream.orchestrator.views.HistoryGone;
import io.stepstream.orchestrator.views.Located;
import io.stepstream.orchestrator.views.Views;
import io.stepstream.orchestrator.views.ViewsUnavailable;
import io.stepstream.schemas.Secrets;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The query API's server. It listens before there are views, since these must tell the other instances where it listens. */
final class QueryApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryApi.class);

    private final AtomicReference<Optional<Views>> views = new AtomicReference<>(Optional.empty());
    private final String host;
    private final Supplier<List<String>> problems;
    private final Supplier<String> metrics;
    private final Relay relay;
    private final ExecutionLists lists;
    private final LimitLists limits;
    private final StateTests stateTests;
    private final RedriveWindow window;
    private final WebServer server;

    /**
     * @param host where it listens
     * @param port 0 for a free one
     * @param problems what else of this process is not ready, in words
     * @param metrics in the text format of Prometheus
     * @param limits how the limits stand whose homes are here
     * @param ofEngine the limits that the engine keeps
     */
    QueryApi(
            String host,
            int port,
            String secret,
            Supplier<List<String>> problems,
            Supplier<String> metrics,
            LimitStandings limits,
            Limits ofEngine) {
        this.host = host;
        this.problems = problems;
        this.metrics = metrics;
        this.relay = new Relay(secret);
        this.lists = new ExecutionLists(relay);
        this.limits = new LimitLists(relay, limits);
        this.stateTests = new StateTests(Clock.systemUTC());
        this.window = new RedriveWindow(ofEngine, Clock.systemUTC());
        this.server = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .routing(routing -> route(routing, new Bearer(secret)))
                .build()
                .start();
    }

    private void route(HttpRouting.Builder routing, Handler bearer) {
        routing.get("/health/live", (request, response) -> health(List.of()).send(response))
                .get("/health/ready", (request, response) -> health(notReady()).send(response))
                .get("/metrics", (request, response) -> metrics(response))
                .any("/internal/*", bearer)
                .post("/internal/state-tests", answering(stateTests::answer))
                .get("/internal/map-runs/{mapRunId}", answering(this::mapRun))
                .get("/internal/approvals", answering(this::approvals))
                .get("/internal/limits", answering(request -> limits.answer(running(), request)))
                .get("/internal/executions/{executionId}/map-runs", answering(about(Query::mapRuns)))
                .get("/internal/executions", answering(this::list))
                .get("/internal/executions/{executionId}", answering(about(Query::status)))
                .get("/internal/executions/{executionId}/history", answering(about(Query::history)))
                .get("/internal/executions/{executionId}/events", answering(about(Query::events)))
                .get("/internal/executions/{executionId}/start", answering(about(Query::start)))
                .get("/internal/executions/{executionId}/tasks", answering(about(Query::tasks)))
                .get("/internal/executions/{executionId}/tasks/{ticket}", answering(about(Query::task)));
    }

    URI uri() {
        return URI.create("http://" + host + ":" + server.port());
    }

    /** From now on, answers out of these views. */
    void serve(Views running) {
        views.set(Optional.of(running));
    }

    /** Answers a request, or says why not by an exception. */
    @FunctionalInterface
    private interface Question {
        Answer answer(ServerRequest request) throws InterruptedException;
    }

    private Question about(Function<ServerRequest, Query> reading) {
        return request -> answer(request, reading.apply(request));
    }

    private Answer list(ServerRequest request) throws InterruptedException {
        return lists.answer(running(), request);
    }

    /** A Map run's ARN does not tell where its execution is: whoever holds it answers. */
    private Answer mapRun(ServerRequest request) throws InterruptedException {
        var id = request.path().pathParameters().get("mapRunId");
        if (!Query.EXECUTION_ID.matcher(id).matches()) {
            throw new BadQuery("mapRunId " + id + ": give 32 lower-case hexadecimal digits");
        }
        var found = running().mapRun(id);
        if (found.isPresent()) {
            return Answer.ok(Json.mapRun(found.get(), window).toString());
        }
        if (!Relay.wasPassedOn(request)) {
            for (var other : running().others()) {
                var answer = relay.pass(request, other);
                if (answer.isOk()) {
                    return answer;
                }
            }
        }
        return Answer.problem(Status.NOT_FOUND_404, "There is no such Map run: " + id);
    }

    private Views running() {
        return views.get().orElseThrow(() -> new ViewsUnavailable("The read side is starting; try again"));
    }

    private static Handler answering(Question question) {
        return (ServerRequest request, ServerResponse response) -> {
            Answer answer;
            try {
                answer = question.answer(request);
            } catch (BadQuery e) {
                answer = Answer.problem(Status.BAD_REQUEST_400, e);
            } catch (HistoryGone e) {
                answer = Answer.problem(Status.GONE_410, e);
            } catch (ViewsUnavailable | InvalidStateStoreException e) {
                answer = Answer.problem(Status.SERVICE_UNAVAILABLE_503, e);
            } catch (RuntimeException e) {
                LOG.error("{} could not be answered", request.path().rawPath(), e);
                answer = Answer.problem(Status.INTERNAL_SERVER_ERROR_500, "An error of ours; the log has more");
            }
            answer.send(response);
        };
    }

    private Answer approvals(ServerRequest request) throws InterruptedException {
        return PendingApprovals.answer(running(), relay, request);
    }

    private Answer answer(ServerRequest request, Query query) throws InterruptedException {
        var holders = running();
        var located = switch (query) {
            case Query.Status status -> holders.locateStatus(status.executionId());
            case Query.History history -> holders.locateHistory(history.executionId());
            case Query.Events events -> holders.locateHistory(events.executionId());
            case Query.Start start -> holders.locateHistory(start.executionId());
            case Query.Tasks tasks -> holders.locateHistory(tasks.executionId());
            case Query.Task task -> holders.locateHistory(task.executionId());
            case Query.MapRuns runs -> holders.locateHistory(runs.executionId());
        };
        return switch (located) {
            case Located.Elsewhere(var instance) -> relay.pass(request, instance);
            case Located.Here here ->
                json(holders, here, query)
                        .map(Answer::ok)
                        .orElseGet(() -> Answer.problem(Status.NOT_FOUND_404, "There is no such " + noun(query)));
        };
    }

    private Optional<String> json(Views views, Located.Here here, Query query) throws InterruptedException {
        var json = switch (query) {
            case Query.Status(var id, var endedWithin) ->
                (endedWithin.isPresent() ? views.status(here, id, endedWithin.get()) : views.status(here, id))
                        .map(status -> Json.status(status, window));
            case Query.History(var id, var after, var limit, var order) ->
                views.history(here, id, after, limit, order).map(Json::page);
            case Query.MapRuns(var id) -> Optional.of(Json.mapRuns(views.mapRuns(here, id), window));
            case Query.Events(var id, var after, var limit, var within) ->
                views.historyWithin(here, id, after, limit, within).map(Json::page);
            case Query.Start(var id) -> views.start(here, id).map(ApprovalJson::start);
            case Query.Tasks(var id, var after, var limit) ->
                Optional.of(ApprovalJson.tasks(views.tasks(here, id, after, limit)));
            case Query.Task(var id, var ticket) -> views.task(here, id, ticket).map(Json::task);
        };
        return json.map(shown -> Secrets.of(query.executionId()).hide(shown.toString()));
    }

    private static String noun(Query query) {
        return switch (query) {
            case Query.Status status -> "execution: " + status.executionId();
            case Query.History history -> "execution: " + history.executionId();
            case Query.MapRuns runs -> "execution: " + runs.executionId();
            case Query.Events events -> "execution: " + events.executionId();
            case Query.Start start -> "execution: " + start.executionId();
            case Query.Tasks tasks -> "execution: " + tasks.executionId();
            case Query.Task task -> "task: " + task.ticket() + " of execution " + task.executionId();
        };
    }

    private List<String> notReady() {
        var mine = views.get().map(Views::isReady).orElse(false)
                ? List.<String>of()
                : List.of("the read side does not hold its partitions yet");
        return Stream.concat(problems.get().stream(), mine.stream()).toList();
    }

    /** Open, as health is: names of state machines and tasks, and numbers. */
    private void metrics(ServerResponse response) {
        response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.send(metrics.get());
    }

    private static Answer health(List<String> problems) {
        var json = Json.object().put("status", problems.isEmpty() ? "UP" : "DOWN");
        problems.forEach(json.putArray("problems")::add);
        var status = problems.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503;
        return new Answer(status.code(), json.toString());
    }

    @Override
    public void close() {
        server.stop();
        relay.close();
    }
}
