package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Arns;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator looks for among executions of several state machines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class SearchIT {
    private static final String FAIL =
            "{'StartAt':'A','States':{'A':{'Type':'Fail','ErrorPath':'$.error','CausePath':'$.cause'}}}";
    private static final String PASS = "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}";
    private static final String WAIT = "{'StartAt':'A','States':{'A':{'Type':'Wait','Seconds':3600,'End':true}}}";

    private Stack stack;
    private Api api;
    private final Map<String, String> starts = new HashMap<>();

    @BeforeAll
    void start(Stack shared) throws Exception {
        stack = shared;
        api = stack.api;
        for (var machine : Map.of("search-fail", FAIL, "search-pass", PASS, "search-wait", WAIT)
                .entrySet()) {
            api.post(
                    "/v1/state-machines",
                    "{'name':'%s','definition':%s}".formatted(machine.getKey(), machine.getValue()));
        }
        begin("search-fail", "order-1", "{'error':'Card.Declined','cause':'insufficient FUNDS'}");
        begin("search-pass", "order-2", "{}");
        begin("search-fail", "refund-1", "{'error':'Timeout','cause':'the card was declined too late'}");
        begin("search-wait", "order-3", "{}");
        begin("search-pass", "refund-2", "{}");
        begin("search-wait", "order-4", "{}");
        pause("order-3");
        pause("order-4");
        // What has ended is shown as paused only if it is redriven.
        posted("/v1/executions/%s/stop".formatted(id("order-4")));
        begin("search-wait", "order-5", "{}");
        pause("order-5");
        posted("/v1/executions/%s/resume".formatted(id("order-5")));
        assertThat(api.aws(
                                "DeleteStateMachine",
                                "{'stateMachineArn':'%s'}".formatted(Arns.DEFAULT.stateMachine("search-fail")))
                        .status())
                .isEqualTo(200);
    }

    private void begin(String machine, String name, String input) throws Exception {
        var body = "{'stateMachine':'%s','name':'%s','input':%s}".formatted(machine, name, input);
        var started = api.post("/v1/executions", body);
        assertThat(started.status()).as(started.text()).isEqualTo(201);
        starts.put(name, started.json().get("startDate").asText());
    }

    private void pause(String name) throws Exception {
        posted("/v1/executions/%s/pause".formatted(id(name)));
    }

    private void posted(String path) throws Exception {
        var reply = api.post(path, "");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private static String id(String name) {
        return Arns.executionId(Arns.DEFAULT.execution("search-wait", name));
    }

    private JsonNode page(String query) throws Exception {
        var reply = api.get("/v1/executions?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "nothing",
            value = {
                "limit=100                                             | order-5 order-4 refund-2 order-3 refund-1 order-2 order-1",
                "stateMachine=search-pass                              | refund-2 order-2",
                "stateMachine=search-fail                              | refund-1 order-1",
                "stateMachine=search-none                              | nothing",
                "status=FAILED                                         | refund-1 order-1",
                "status=RUNNING                                        | order-5 order-3",
                "name=order-                                           | order-5 order-4 order-3 order-2 order-1",
                "name=order-&status=SUCCEEDED                          | order-2",
                "error=declined                                        | refund-1 order-1",
                "error=card.declined                                   | order-1",
                "error=funds                                           | order-1",
                "error=nowhere                                         | nothing",
                "stateMachine=search-fail&error=DECLINED&name=r        | refund-1",
                "startedFrom=START:refund-1                            | order-5 order-4 refund-2 order-3 refund-1",
                "startedBefore=START:refund-1                          | order-2 order-1",
                "startedFrom=START:order-2&startedBefore=START:order-3 | refund-1 order-2",
                "stateMachine=search-pass&startedFrom=START:refund-1   | refund-2",
                "redrive=REDRIVEN                                      | nothing",
                "pause=PAUSED                                          | order-3",
                "pause=PAUSED&status=RUNNING                           | order-3",
                "pause=PAUSED&stateMachine=search-wait&name=order-3    | order-3",
                "pause=NOT_PAUSED&name=order-                          | order-5 order-4 order-2 order-1",
            })
    void findsTheLatestFirst(String query, String names) throws Exception {
        // What other classes have started was before.
        var asked = query.contains("startedFrom") ? query : query + "&startedFrom=START:order-1";
        for (var start : starts.entrySet()) {
            asked = asked.replace(
                    "START:" + start.getKey(), URLEncoder.encode(start.getValue(), StandardCharsets.UTF_8));
        }
        assertThat(page(asked).get("executions").findValuesAsText("name"))
                .containsExactlyElementsOf(names == null ? List.of() : List.of(names.split(" ")));
    }

    @Test
    void pagesFollowEachOtherAndTheirTokensFitNoOtherQuestion() throws Exception {
        var names = new ArrayList<String>();
        var token = "";
        do {
            var page = page("limit=2&name=order-" + (token.isEmpty() ? "" : "&nextToken=" + token));
            names.addAll(page.get("executions").findValuesAsText("name"));
            token = page.path("nextToken").asText();
            if (names.size() == 2) {
                var other = api.get("/v1/executions?limit=2&name=refund-&nextToken=" + token);
                assertThat(other.json().get("type").asText()).isEqualTo("InvalidToken");
            }
        } while (!token.isEmpty());
        assertThat(names).containsExactly("order-5", "order-4", "order-3", "order-2", "order-1");
    }

    @Test
    void aWordThatIsMisspeltIsRefused() throws Exception {
        var reply = api.get("/v1/executions?pause=paused");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("'pause' must be one of [PAUSED, NOT_PAUSED]");
    }

    @Test
    void showsTheErrorOfOneThatFailed() throws Exception {
        var found = page("name=order-1").get("executions").get(0);
        assertThat(found.get("error").asText()).isEqualTo("Card.Declined");
        assertThat(found.get("executionId").asText())
                .isEqualTo(Arns.executionId(found.get("executionArn").asText()));
        assertThat(found.get("startDate").asText()).isEqualTo(starts.get("order-1"));
    }
}
