package io.stepstream.orchestrator.api;

import static io.stepstream.orchestrator.api.Cluster.ids;
import static io.stepstream.orchestrator.api.Cluster.partition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.orchestrator.views.Steps;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.avro.LinkUse;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The read side on a real broker, over its HTTP API. */
class ReadSideIT {

    @TempDir
    private static Path folder;

    private static final Map<String, Steps> WRITTEN = new HashMap<>();

    private static Cluster cluster;
    private static Log log;
    private static ReadSide readSide;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(folder);
        log = cluster.log();
        readSide = cluster.start("views");
    }

    @AfterAll
    static void stop() {
        readSide.close();
        cluster.close();
    }

    @Test
    void describesAnExecution() throws Exception {
        var steps = new Steps("described");
        log.commit(steps, steps.started("{\"id\":1}"), steps.running("{\"id\":1}"));

        var running = json("/" + steps.executionId());
        assertThat(running.path("status").asText()).isEqualTo("RUNNING");
        assertThat(running.path("input").asText()).isEqualTo("{\"id\":1}");
        assertThat(running.path("startDate").asLong()).isEqualTo(Steps.START.toEpochMilli());
        assertThat(running.has("stopDate")).isFalse();
        assertThat(running.has("output")).isFalse();

        log.commit(steps, steps.events(2), steps.succeeded("{\"id\":1}", "[2]"));

        var succeeded = json("/" + steps.executionId());
        assertThat(succeeded.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(succeeded.path("output").asText()).isEqualTo("[2]");
        assertThat(succeeded.path("stopDate").asLong()).isEqualTo(Steps.at(2).toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "0,  3,  false, 1-3,   true",
        "3,  3,  false, 4-6,   true",
        "6,  4,  false, 7-10,  true",
        "10, 1,  false, 11-11, true",
        "11, 1,  false, 12-12, false",
        "11, 9,  false, 12-12, false",
        "0,  12, false, 1-12,  false",
        "0,  11, false, 1-11,  true",
        "12, 5,  false, '',    false",
        "99, 5,  false, '',    false",
        "0,  3,  true,  12-10, true",
        "10, 4,  true,  9-6,   true",
        "6,  9,  true,  5-1,   false",
        "0,  12, true,  12-1,  false",
        "2,  1,  true,  1-1,   false",
        "1,  1,  true,  '',    false",
    })
    void historyComesInPages(long after, int limit, boolean reverse, String ids, boolean more) throws Exception {
        var steps = twelveEvents("paged");
        var page =
                json("/" + steps.executionId() + "/history?after=" + after + "&limit=" + limit + "&reverse=" + reverse);
        assertThat(ids(page)).isEqualTo(range(ids));
        assertThat(page.path("more").asBoolean()).isEqualTo(more);
    }

    /** An execution of 12 events in steps of 1, 4, 0, 2 and 5, with another execution's records between. */
    private static Steps twelveEvents(String name) {
        return WRITTEN.computeIfAbsent(name, any -> {
            var steps = new Steps(name);
            var other = IntStream.range(0, 1000)
                    .mapToObj(i -> new Steps("beside-" + i))
                    .filter(candidate -> partition(candidate) == partition(steps))
                    .findFirst()
                    .orElseThrow();
            log.commit(steps, steps.started("{}"), steps.events(4));
            log.commit(other, other.started("{}"), other.events(1));
            log.commit(steps, steps.events(0), steps.events(2));
            log.commit(other, other.events(1));
            log.commit(steps, steps.events(5));
            return steps;
        });
    }

    @Test
    void eventsHaveTheShapeOfAws() throws Exception {
        var steps = twelveEvents("shaped");
        var events = json("/" + steps.executionId() + "/history").path("events");
        assertThat(events.get(0).toString())
                .isEqualTo("{\"id\":1,\"previousEventId\":0,\"timestamp\":" + Steps.START.toEpochMilli()
                        + ",\"type\":\"ExecutionStarted\",\"executionStartedEventDetails\":{\"input\":\"{}\","
                        + "\"inputDetails\":{\"truncated\":false}}}");
        assertThat(events.get(2).toString())
                .isEqualTo("{\"id\":3,\"previousEventId\":2,\"timestamp\":"
                        + Steps.at(2).toEpochMilli()
                        + ",\"type\":\"PassStateExited\",\"stateExitedEventDetails\":{\"output\":\"{\\\"step\\\":2}\","
                        + "\"outputDetails\":{\"truncated\":false}}}");
    }

    @Test
    void aPageOfLargePayloadsIsShort() throws Exception {
        var steps = new Steps("large");
        var large = '"' + "x".repeat(250_000) + '"';
        log.commit(steps, steps.started(large));
        for (var ticket = 1; ticket <= 30; ticket++) {
            log.commit(steps, steps.asks(ticket, large, "t"));
        }
        var seen = new ArrayList<Long>();
        JsonNode page;
        do {
            var after = seen.isEmpty() ? 0 : seen.getLast();
            page = json("/" + steps.executionId() + "/history?limit=1000&after=" + after);
            assertThat(page.path("events").size()).isBetween(1, 17);
            seen.addAll(ids(page));
        } while (page.path("more").asBoolean());
        assertThat(seen).isEqualTo(range("1-31"));
    }

    @Test
    void aTaskIsPendingAndThenDecided() throws Exception {
        var steps = new Steps("decided");
        log.commit(steps, steps.started("{}"), steps.asks(5, "{\"what\":\"buy\"}", "token"));
        var pending = json("/" + steps.executionId() + "/tasks/5");
        assertThat(pending.toString())
                .isEqualTo("{\"ticket\":5,\"state\":\"Ask\",\"name\":\"mail\",\"requestedAt\":"
                        + Steps.at(2).toEpochMilli() + ",\"deadline\":"
                        + Steps.at(62).toEpochMilli()
                        + ",\"status\":\"PENDING\",\"input\":\"{\\\"what\\\":\\\"buy\\\"}\"}");

        var output = "{\"decision\":\"APPROVED\",\"comment\":\"fine\",\"decidedBy\":\"\",\"decidedAt\":\"now\"}";
        log.commit(steps, steps.completed(5, output, Optional.of(new LinkUse("APPROVED", "alice", null))));
        var decided = json("/" + steps.executionId() + "/tasks/5");
        assertThat(decided.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(decided.path("endedAt").asLong()).isEqualTo(Steps.at(3).toEpochMilli());
        assertThat(decided.path("decision").asText()).isEqualTo("APPROVED");
        assertThat(decided.path("comment").asText()).isEqualTo("fine");
        assertThat(decided.path("decidedBy").asText()).isEqualTo("alice");
    }

    @Test
    void whatIsSealedIsOpenedUntilItIsPurged() throws Exception {
        var steps = new Steps("sealed");
        var key = ExecutionKey.generate(steps.executionId());
        log.commit(
                steps,
                cluster.masterKeys.wrap(key),
                SealedRecords.seal(steps.started("{\"name\":\"Amira\"}"), key),
                SealedRecords.seal(steps.asks(5, "{\"what\":\"buy\"}", "token"), key),
                SealedRecords.seal(steps.running("{\"name\":\"Amira\"}"), key));
        assertSeen(steps, "{\"name\":\"Amira\"}", "{\"what\":\"buy\"}");

        log.destroyKey(steps);
        assertSeen(steps, "\"***purged***\"", "\"***purged***\"");
    }

    @Test
    void whatIsSealedUnderAnotherMasterKeyIsMarked() throws Exception {
        var steps = new Steps("locked");
        var key = ExecutionKey.generate(steps.executionId());
        log.commit(
                steps,
                MasterKeys.generate().wrap(key),
                SealedRecords.seal(steps.started("{\"name\":\"Amira\"}"), key),
                SealedRecords.seal(steps.asks(5, "{\"what\":\"buy\"}", "token"), key),
                SealedRecords.seal(steps.running("{\"name\":\"Amira\"}"), key));
        assertSeen(steps, "\"***sealed***\"", "\"***sealed***\"");
    }

    private static void assertSeen(Steps steps, String input, String taskInput) throws Exception {
        assertThat(json("/" + steps.executionId()).path("input").asText()).isEqualTo(input);
        assertThat(json("/" + steps.executionId() + "/history")
                        .at("/events/0/executionStartedEventDetails/input")
                        .asText())
                .isEqualTo(input);
        assertThat(json("/" + steps.executionId() + "/tasks/5").path("input").asText())
                .isEqualTo(taskInput);
    }

    @Test
    void tokensAndLinksAreNeverShown() throws Exception {
        var steps = new Steps("secret");
        var token = TokenKeys.generate().sign(new TaskToken(steps.executionId(), 5, "0123456789abcdef"));
        var link = ApprovalLink.make(
                token, new Caveats(Decision.APPROVED, Optional.empty(), Optional.of("alice@example.org")));
        var carried = "{\"t\":\"" + token + "\",\"url\":\"http://host/approve/" + link + "\"}";
        var hidden = "{\"t\":\"***\",\"url\":\"http://host/approve/***\"}";
        log.commit(steps, steps.started(carried), steps.asks(5, carried, token), steps.succeeded(carried, carried));

        var status = json("/" + steps.executionId());
        var task = json("/" + steps.executionId() + "/tasks/5");
        var history = json("/" + steps.executionId() + "/history");

        assertThat(List.of(
                        status.path("input").asText(),
                        status.path("output").asText(),
                        task.path("input").asText(),
                        history.at("/events/1/stateEnteredEventDetails/input").asText()))
                .containsOnly(hidden);
        assertThat(history.toString()).doesNotContain(token).doesNotContain(link);
    }

    @ParameterizedTest
    @CsvSource({
        "/00000000000000000000000000000000,                   404, no such execution",
        "/00000000000000000000000000000000/history,           404, no such execution",
        "/00000000000000000000000000000000/tasks/1,           404, no such task",
        "/nonsense,                                           400, 32 lower-case hexadecimal digits",
        "/00000000000000000000000000000000/tasks/x,           400, ticket=x",
        "/00000000000000000000000000000000/history?limit=0,   400, limit=0",
        "/00000000000000000000000000000000/history?limit=1001, 400, from 1 to 1000",
        "/00000000000000000000000000000000/history?after=-1,  400, after=-1",
        "/00000000000000000000000000000000/history?reverse=x, 400, give true or false",
    })
    void sayWhatIsWrong(String path, int status, String message) throws Exception {
        var response = get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Cluster.json(response).path("message").asText()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"''", "Bearer", "Bearer wrong", "Basic s3cret", "s3cret", "Bearer s3cret2"})
    void withoutTheSecretNothingIsTold(String authorization) throws Exception {
        var steps = twelveEvents("paged");
        var request = HttpRequest.newBuilder(
                readSide.uri().resolve("/internal/executions/" + steps.executionId() + "/history"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        var response = cluster.send(request);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).doesNotContain("ExecutionStarted");
    }

    @ParameterizedTest
    @CsvSource({"/health/live", "/health/ready"})
    void healthIsOpen(String path) throws Exception {
        var response = cluster.send(HttpRequest.newBuilder(readSide.uri().resolve(path)));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"UP\",\"problems\":[]}");
    }

    @Test
    void whatWasCommittedIsSeenAtOnce() throws Exception {
        var steps = new Steps("read-your-writes");
        log.commit(steps, steps.started("{}"), steps.running("{}"));
        for (var i = 1; i <= 200; i++) {
            log.commit(steps, steps.events(1), steps.succeeded("{}", Integer.toString(i)));
            var last = json("/" + steps.executionId() + "/history?reverse=true&limit=1");
            assertThat(ids(last)).containsExactly(i + 1L);
            var status = json("/" + steps.executionId());
            assertThat(status.path("output").asText()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void abortedStepsAreNotShownAndHoldNothingUp() throws Exception {
        var steps = new Steps("aborted");
        log.commit(steps, steps.started("{}"), steps.running("{}"));
        log.abort(steps, steps.events(3), steps.succeeded("{}", "1"));
        get("/" + steps.executionId());

        var asked = System.nanoTime();
        var page = json("/" + steps.executionId() + "/history");
        var status = json("/" + steps.executionId());
        var took = Duration.ofNanos(System.nanoTime() - asked);

        assertThat(ids(page)).containsExactly(1L);
        assertThat(status.path("status").asText()).isEqualTo("RUNNING");
        assertThat(took).as("two queries, neither of which waits its second").isLessThan(Duration.ofSeconds(1));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return cluster.get(readSide, path);
    }

    private static JsonNode json(String path) throws Exception {
        return Cluster.json(get(path));
    }

    /** {@code 3-5} is 3, 4, 5; {@code 5-3} is 5, 4, 3. */
    private static List<Long> range(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        var ends = Arrays.stream(text.split("-")).mapToLong(Long::parseLong).toArray();
        return ends[0] <= ends[1]
                ? LongStream.rangeClosed(ends[0], ends[1]).boxed().toList()
                : LongStream.rangeClosed(ends[1], ends[0]).boxed().toList().reversed();
    }
}
