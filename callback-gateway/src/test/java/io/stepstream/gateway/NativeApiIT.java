package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Arns;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The native API as its description says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeApiIT {

    private static final String ASK =
            "{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                    + "'Parameters':{'FunctionName':'%s','Payload':{'approval':{'title':'May I?'},'token.$':'$$.Task.Token'}},'End':true}}}";

    private Stack stack;
    private Api api;
    private JsonNode document;
    private final Set<String> answered = new HashSet<>();

    @BeforeAll
    void start() throws Exception {
        stack = new Stack();
        api = stack.api;
        document = new ObjectMapper().readTree(api.get("/v1/openapi.json").text());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    /** Calls an operation, and holds its answer to what is described. */
    private JsonNode ok(String operation, String method, String path, String body) throws Exception {
        var reply = api.send(method, path, body.replace('\'', '"'));
        var described = described(operation);
        var status = described.path("responses").fieldNames().next();
        assertThat(reply.status()).as(operation + ": " + reply.text()).isEqualTo(Integer.parseInt(status));
        valid(reply, described.at("/responses/" + status + "/content/application~1json/schema"));
        if (!body.isEmpty() && described.has("requestBody")) {
            valid(
                    new ObjectMapper().readTree(body.replace('\'', '"')),
                    described.at("/requestBody/content/application~1json/schema"));
        }
        answered.add(operation);
        return reply.json();
    }

    private void refused(String operation, String method, String path, String body, int status) throws Exception {
        var reply = api.send(method, path, body.replace('\'', '"'));
        assertThat(reply.status()).as(operation + ": " + reply.text()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        valid(reply, described(operation).at("/responses/default/content/application~1problem+json/schema"));
    }

    private JsonNode described(String operation) {
        for (var path : document.path("paths")) {
            for (var method : path) {
                if (method.path("operationId").asText().equals(operation)) {
                    return method;
                }
            }
        }
        throw new AssertionError("the description has no " + operation);
    }

    private void valid(Reply reply, JsonNode schema) throws Exception {
        valid(reply.json(), schema);
    }

    private void valid(JsonNode value, JsonNode schema) {
        assertThat(schema.isObject()).as("there is a schema").isTrue();
        var whole = ((ObjectNode) schema.deepCopy());
        whole.set("components", document.path("components"));
        var messages = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole)
                .validate(value, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
        assertThat(messages).as(value.toString()).isEmpty();
    }

    private String token(String task) throws Exception {
        return api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity(task)))
                .json()
                .get("taskToken")
                .asText();
    }

    private String waiting(String name) throws Exception {
        ok(
                "create_state_machine",
                "POST",
                "/v1/state-machines",
                "{'name':'%s','definition':%s}".formatted(name, ASK.formatted(name)));
        var started =
                ok("start_execution", "POST", "/v1/executions", "{'stateMachine':'%s','input':{}}".formatted(name));
        return started.get("executionId").asText();
    }

    @Test
    void everyOperationAnswersAsDescribed() throws Exception {
        ok("describe_api", "GET", "/v1/openapi.json", "");
        var first = waiting("one");
        var second = waiting("two");
        var third = waiting("three");
        assertThat(ok("list_state_machines", "GET", "/v1/state-machines?after=one", "")
                        .get("stateMachines")
                        .findValuesAsText("name"))
                .containsExactly("three", "two");
        assertThat(ok("list_state_machines", "GET", "/v1/state-machines?limit=1", "")
                        .get("more")
                        .asBoolean())
                .isTrue();
        ok("describe_state_machine", "GET", "/v1/state-machines/one", "");
        ok("describe_execution", "GET", "/v1/executions/" + first, "");
        assertThat(ok("list_executions", "GET", "/v1/executions?stateMachine=two&status=RUNNING", "")
                        .get("executions")
                        .findValuesAsText("executionId"))
                .containsExactly(second);
        ok("list_history", "GET", "/v1/executions/" + first + "/history", "");

        var pending = ok("list_approvals", "GET", "/v1/approvals?limit=2", "").get("approvals");
        assertThat(pending.findValuesAsText("executionId")).containsExactly(first, second);
        var place = pending.get(1).get("place").asText();
        assertThat(ok("list_approvals", "GET", "/v1/approvals?after=" + place, "")
                        .get("approvals")
                        .findValuesAsText("executionId"))
                .containsExactly(third);

        var one = token("one");
        ok("heartbeat_task", "POST", "/v1/tasks/" + one + "/heartbeat", "");
        ok("succeed_task", "POST", "/v1/tasks/" + one + "/success", "{'any':1}");
        ok("fail_task", "POST", "/v1/tasks/" + token("two") + "/failure", "{'error':'E','cause':'C'}");
        ok(
                "decide_task",
                "POST",
                "/v1/tasks/" + token("three") + "/decision",
                "{'decision':'APPROVED','decidedBy':'Ada'}");
        for (var id : List.of(first, second, third)) {
            ok("describe_execution", "GET", "/v1/executions/" + id, "");
            ok("list_tasks", "GET", "/v1/executions/" + id + "/tasks", "");
        }
        assertThat(ok("list_tasks", "GET", "/v1/executions/" + third + "/tasks", "")
                        .at("/tasks/0/decidedBy")
                        .asText())
                .isEqualTo("Ada");
        assertThat(ok("list_approvals", "GET", "/v1/approvals", "").get("approvals"))
                .isEmpty();
        var fourth = waiting("four");
        ok("pause_execution", "POST", "/v1/executions/" + fourth + "/pause", "");
        assertThat(ok("describe_execution", "GET", "/v1/executions/" + fourth, "")
                        .hasNonNull("pausedAt"))
                .isTrue();
        ok("resume_execution", "POST", "/v1/executions/" + fourth + "/resume", "");
        assertThat(ok("describe_execution", "GET", "/v1/executions/" + fourth, "")
                        .has("pausedAt"))
                .isFalse();
        ok("pause_state_machine", "POST", "/v1/state-machines/four/pause", "");
        assertThat(ok("describe_state_machine", "GET", "/v1/state-machines/four", "")
                        .hasNonNull("pausedAt"))
                .isTrue();
        ok("resume_state_machine", "POST", "/v1/state-machines/four/resume", "");
        limits();
        ok("stop_execution", "POST", "/v1/executions/" + fourth + "/stop", "{'cause':'enough'}");
        ok("redrive_execution", "POST", "/v1/executions/" + fourth + "/redrive", "");
        ok("stop_execution", "POST", "/v1/executions/" + fourth + "/stop", "{'cause':'again'}");
        refused("pause_execution", "POST", "/v1/executions/" + fourth + "/pause", "", 409);
        ok(
                "purge_execution",
                "POST",
                "/v1/executions/" + fourth + "/purge",
                "{'scope':'ROWS_ONLY','reason':'nobody needs it'}");
        follow(first, "", () -> {});

        var all = new HashSet<String>();
        document.path("paths")
                .forEach(path -> path.forEach(
                        operation -> all.add(operation.path("operationId").asText())));
        assertThat(answered).isEqualTo(all);
    }

    private void limits() throws Exception {
        ok("set_limit", "PUT", "/v1/limits", "{'task':'a task/1','maxConcurrency':1}".replace(" ", "-"));
        ok("set_limit", "PUT", "/v1/limits", "{'stateMachine':'four','maxConcurrentExecutions':2}");
        var all = ok("list_limits", "GET", "/v1/limits?limit=1000", "").get("limits");
        assertThat(all.findValuesAsText("task")).containsExactly("a-task/1");
        assertThat(all.findValuesAsText("stateMachine")).containsExactly("four");
        var one = ok("list_limits", "GET", "/v1/limits?stateMachine=four", "").at("/limits/0");
        assertThat(one.path("maxConcurrentExecutions").asInt()).isEqualTo(2);
        assertThat(one.path("running").asInt() + one.path("queued").asInt()).isZero();
        assertThat(ok(
                                "list_limits",
                                "GET",
                                "/v1/limits?after=" + one.path("key").asText() + "&limit=1",
                                "")
                        .at("/limits/0/maxConcurrency")
                        .asInt())
                .isEqualTo(1);
        assertThat(ok("describe_state_machine", "GET", "/v1/state-machines/four", "")
                        .path("maxConcurrentExecutions")
                        .asInt())
                .isEqualTo(2);
        ok("remove_limit", "DELETE", "/v1/limits?task=a-task/1", "");
        ok("remove_limit", "DELETE", "/v1/limits?stateMachine=four", "");
        assertThat(ok("list_limits", "GET", "/v1/limits", "").get("limits")).isEmpty();
    }

    @Test
    void everyRefusalIsAProblemAsDescribed() throws Exception {
        refused("set_limit", "PUT", "/v1/limits", "{'task':'a','maxConcurrency':0}", 400);
        refused("set_limit", "PUT", "/v1/limits", "{'task':'a','maxConcurrency':1.5}", 400);
        refused("set_limit", "PUT", "/v1/limits", "{'task':'a','stateMachine':'four','maxConcurrency':1}", 400);
        refused("set_limit", "PUT", "/v1/limits", "{'maxConcurrency':1}", 400);
        refused("set_limit", "PUT", "/v1/limits", "{'stateMachine':'nobody','maxConcurrentExecutions':1}", 404);
        refused("remove_limit", "DELETE", "/v1/limits", "", 400);
        refused("list_limits", "GET", "/v1/limits?name=a", "", 400);
        refused("create_state_machine", "POST", "/v1/state-machines", "{'name':'x','definition':{}}", 400);
        refused("start_execution", "POST", "/v1/executions", "{'stateMachine':'nobody'}", 404);
        refused("start_execution", "POST", "/v1/executions", "{", 400);
        refused("list_history", "GET", "/v1/executions/" + "0".repeat(32) + "/history", "", 404);
        refused("list_history", "GET", "/v1/executions/" + "0".repeat(32) + "/history?limit=0", "", 400);
        refused("follow_history", "GET", "/v1/executions/" + "0".repeat(32) + "/events", "", 404);
        for (var wrong : List.of(
                "status=DONE",
                "startedFrom=yesterday",
                "stateMachine=x:y&mapRun=z",
                "mapRun=z",
                "limit=0",
                "nextToken=x",
                "name=",
                "stat=RUNNING")) {
            refused("list_executions", "GET", "/v1/executions?" + wrong, "", 400);
        }
        refused("decide_task", "POST", "/v1/tasks/x/decision", "{'decision':'APPROVED'}", 400);
        refused("decide_task", "POST", "/v1/tasks/x/decision", "{'decision':'MAYBE'}", 400);
        refused("list_approvals", "GET", "/v1/approvals?after=x", "", 400);
        refused("list_approvals", "DELETE", "/v1/approvals", "", 404);
    }

    private interface Executable {
        void run() throws Exception;
    }

    /** The ids of the events that come, until the stream ends. */
    private List<String> follow(String id, String lastEventId, Executable whenSubmitted) throws Exception {
        var request = HttpRequest.newBuilder(stack.gateway.uri().resolve("/v1/executions/" + id + "/events"));
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            answered.add("follow_history");
            var lines = new ArrayList<String>();
            if (response.statusCode() == 204) {
                return lines;
            }
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
            try (var reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                    if (line.equals("event: TaskSubmitted")) {
                        // It is told while it happens: only now is there anybody to answer.
                        whenSubmitted.run();
                    }
                }
            }
            return lines;
        }
    }

    @Test
    void aStreamTellsWhatHappensAndGoesOnWhereItEnded() throws Exception {
        var id = waiting("follow");
        var lines = follow(
                id,
                "",
                () -> assertThat(api.post("/v1/tasks/" + token("follow") + "/success", "{}")
                                .status())
                        .isEqualTo(200));
        assertThat(lines)
                .contains(": history", "event: ExecutionStarted", "event: TaskSucceeded", "event: ExecutionSucceeded");
        var ids = lines.stream().filter(line -> line.startsWith("id: ")).toList();
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        for (var i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).isEqualTo("id: " + (i + 1));
        }
        for (var line : lines) {
            if (line.startsWith("data: ")) {
                valid(new ObjectMapper().readTree(line.substring(6)), document.at("/components/schemas/HistoryEvent"));
            }
        }
        assertThat(follow(id, Integer.toString(ids.size() - 1), () -> {}))
                .contains("event: ExecutionSucceeded")
                .doesNotContain("event: ExecutionStarted");
        assertThat(follow(id, Integer.toString(ids.size()), () -> {})).isEmpty();
    }
}
