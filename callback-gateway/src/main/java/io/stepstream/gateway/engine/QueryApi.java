package io.stepstream.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orchestrators' read side: what executions are and were. Any instance answers for all. */
public final class QueryApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryApi.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(2);

    private final List<URI> orchestrators;
    private final String secret;
    private final HttpClient http;

    public QueryApi(List<URI> orchestrators, String secret) {
        this.orchestrators = List.copyOf(orchestrators);
        this.secret = secret;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** An execution's status; empty if unknown. */
    public Optional<ObjectNode> execution(String executionId) throws ApiException {
        return ask("/internal/executions/" + executionId);
    }

    /** The same, once the execution has ended; as it is then if that takes longer than a call may. */
    public Optional<ObjectNode> executionOnceEnded(String executionId) throws ApiException {
        return ask("/internal/executions/%s?endedWithin=%d".formatted(executionId, ENDED_WITHIN.toMillis()));
    }

    /**
     * Which executions to list.
     *
     * @param owner id of the state machine's or the Map run's ARN; without one, of all state machines
     * @param namePrefix how the execution's name begins; empty for any
     * @param from the earliest start
     * @param before starts before this
     * @param errorText part of the error or its cause
     */
    public record ListQuery(
            Optional<String> owner,
            Optional<String> status,
            Optional<String> versionArn,
            Optional<String> aliasArn,
            Optional<String> redrive,
            Optional<String> pause,
            String namePrefix,
            Optional<Instant> from,
            Optional<Instant> before,
            Optional<String> errorText) {

        /** AWS's lists: of one owner. */
        public static ListQuery of(String owner) {
            return new ListQuery(
                    Optional.of(owner),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** The same, but only those of this status. */
        public ListQuery withStatus(Optional<String> wanted) {
            return new ListQuery(
                    owner, wanted, versionArn, aliasArn, redrive, pause, namePrefix, from, before, errorText);
        }

        /** As the read side is asked it; the same text for the same question. */
        public String question() {
            var members = new LinkedHashMap<String, Optional<String>>();
            members.put("owner", owner);
            members.put("status", status);
            members.put("version", versionArn);
            members.put("alias", aliasArn);
            members.put("redrive", redrive);
            members.put("pause", pause);
            members.put("name", Optional.of(namePrefix));
            members.put("from", from.map(at -> Long.toString(at.toEpochMilli())));
            members.put("before", before.map(at -> Long.toString(at.toEpochMilli())));
            members.put("error", errorText);
            return members.entrySet().stream()
                    .filter(member ->
                            member.getValue().filter(text -> !text.isEmpty()).isPresent())
                    .map(member -> member.getKey() + "="
                            + QueryApi.encoded(member.getValue().orElseThrow()))
                    .collect(Collectors.joining("&"));
        }
    }

    /** A page of executions: {@code executions}, each with its {@code place}, and {@code next} unless it is the last; behind a place that a page before had. */
    public ObjectNode executions(ListQuery query, Optional<String> after, int limit) throws ApiException {
        var place = after.map(text -> "&after=" + text).orElse("");
        return ask("/internal/executions?limit=%d%s&%s".formatted(limit, place, query.question()))
                .orElseThrow(() -> new ApiException(ApiError.UNAVAILABLE, "The orchestrator knows of no lists"));
    }

    /**
     * A page of an execution's history; empty if the execution is unknown.
     *
     * @param after id of the event after which the page begins, in the page's direction; 0 for the first page
     */
    public Optional<ObjectNode> history(String executionId, long after, int limit, boolean reverse)
            throws ApiException {
        return ask("/internal/executions/%s/history?after=%d&limit=%d&reverse=%b"
                .formatted(executionId, after, limit, reverse));
    }

    /** A task as it was asked for and as it stands; empty if unknown. */
    public Optional<ObjectNode> task(String executionId, long ticket) throws ApiException {
        return ask("/internal/executions/%s/tasks/%d".formatted(executionId, ticket));
    }

    /** A Map run; empty if unknown. */
    public Optional<ObjectNode> mapRun(String mapRunId) throws ApiException {
        return ask("/internal/map-runs/" + mapRunId);
    }

    /** The Map runs of an execution. */
    public Optional<ObjectNode> mapRuns(String executionId) throws ApiException {
        return ask("/internal/executions/%s/map-runs".formatted(executionId));
    }

    /** What becomes of a state that is run by itself. */
    public ObjectNode testState(ObjectNode request) throws ApiException {
        var answer = ask(orchestrator -> request(orchestrator, "/internal/state-tests")
                        .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                        .build())
                .orElseThrow(() -> new ApiException(ApiError.UNAVAILABLE, "The orchestrator makes no tests"));
        if (!answer.has("refused")) {
            return answer;
        }
        var error = answer.path("refused").asText().equals(ApiError.INVALID_DEFINITION.awsName())
                ? ApiError.INVALID_DEFINITION
                : ApiError.VALIDATION;
        throw new ApiException(error, answer.path("message").asText());
    }

    /** Tasks of an execution by ticket, beyond one, with who decided; none if the execution is unknown. */
    public Optional<ObjectNode> tasks(String executionId, long after, int limit) throws ApiException {
        return ask("/internal/executions/%s/tasks?after=%d&limit=%d".formatted(executionId, after, limit));
    }

    /** As {@link #history}, oldest first; if there is nothing yet, what comes within a time of 2 s at most. */
    public Optional<ObjectNode> events(String executionId, long after, int limit, Duration within) throws ApiException {
        return ask("/internal/executions/%s/events?after=%d&limit=%d&within=%d"
                .formatted(executionId, after, limit, within.toMillis()));
    }

    /** Who started an execution; empty if unknown. */
    public Optional<ObjectNode> start(String executionId) throws ApiException {
        return ask("/internal/executions/%s/start".formatted(executionId));
    }

    /** Tasks that wait for a decision, oldest first, beyond the place of one; from the first if that is empty. */
    public ObjectNode approvals(String after, int limit) throws ApiException {
        return ask("/internal/approvals?after=%s&limit=%d".formatted(after, limit))
                .orElseThrow(() -> new ApiException(ApiError.UNAVAILABLE, "The read side has no list of approvals"));
    }

    /** How limits stand, by key: of one key, or those behind one. */
    List<JsonNode> limits(Optional<String> key, String after, int limit) throws ApiException {
        var which = key.map(one -> "&key=" + encoded(one)).orElseGet(() -> "&after=" + encoded(after));
        var answer = ask("/internal/limits?limit=%d%s".formatted(limit, which))
                .orElseThrow(() -> new ApiException(ApiError.UNAVAILABLE, "The orchestrator knows of no limits"));
        return StreamSupport.stream(answer.path("limits").spliterator(), false).toList();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private Optional<ObjectNode> ask(String path) throws ApiException {
        return ask(orchestrator -> request(orchestrator, path).build());
    }

    private Optional<ObjectNode> ask(Function<URI, HttpRequest> request) throws ApiException {
        for (var orchestrator : orchestrators) {
            try {
                var response = http.send(request.apply(orchestrator), HttpResponse.BodyHandlers.ofString());
                switch (response.statusCode()) {
                    case 200:
                        return Optional.of(Json.parseObject(response.body()));
                    case 404, 410:
                        // It has asked the instance that holds the partition; 410 is a history past its retention.
                        return Optional.empty();
                    default:
                        LOG.warn("{} answered a query with {}", orchestrator, response.statusCode());
                }
            } catch (IOException e) {
                LOG.warn("{} did not answer a query: {}", orchestrator, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ApiException(ApiError.UNAVAILABLE, "The gateway is stopping");
            }
        }
        throw new ApiException(ApiError.UNAVAILABLE, "The orchestrator's read side does not answer now");
    }

    private HttpRequest.Builder request(URI orchestrator, String path) {
        return HttpRequest.newBuilder(orchestrator.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + secret);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
