package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway in front of a real engine on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class GatewayIT {

    private static final String PASS = "{'StartAt':'A','States':{'A':{'Type':'Pass','Result':{'n':1.5},'End':true}}}";

    private Stack stack;
    private Api api;
    private Flow flow;

    @BeforeAll
    void start(Stack shared) throws Exception {
        stack = shared;
        api = stack.api;
        flow = new Flow(api);
    }

    @Test
    void createsStartsDescribesAndTellsTheHistory() throws Exception {
        var id = flow.started("pass", PASS, "{'id':7}");

        var seen = api.get("/v1/executions/" + id);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.json().get("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(seen.text()).contains("\"input\":{\"id\":7}").contains("\"output\":{\"n\":1.5}");

        var arn = seen.json().get("executionArn").asText();
        assertThat(api.get("/v1/executions/" + URLEncoder.encode(arn, StandardCharsets.UTF_8))
                        .json())
                .isEqualTo(seen.json());

        var first = api.get("/v1/executions/" + id + "/history?limit=3").json();
        assertThat(first.get("events").findValuesAsText("type"))
                .containsExactly("ExecutionStarted", "PassStateEntered", "PassStateExited");
        assertThat(first.get("more").asBoolean()).isTrue();
        var second =
                api.get("/v1/executions/" + id + "/history?limit=3&after=3").json();
        assertThat(second.get("events").findValuesAsText("type")).containsExactly("ExecutionSucceeded");
        assertThat(second.get("more").asBoolean()).isFalse();
    }

    /** SDKs put {@code sync-} before the host of StartSyncExecution. */
    @ParameterizedTest
    @ValueSource(strings = {"sync-states.us-east-1.amazonaws.com", "sync-gateway.example.org:8080", "localhost"})
    void anyHostThatLeadsHereWillDo(String host) throws Exception {
        var created = api.aws("CreateStateMachine", """
                {'name':'express','type':'EXPRESS','roleArn':'arn:aws:iam::000000000000:role/r',
                 'definition':'{\\'StartAt\\':\\'A\\',\\'States\\':{\\'A\\':{\\'Type\\':\\'Pass\\',\\'End\\':true}}}'}
                """);
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        var body = "{\"stateMachineArn\":%s,\"input\":\"{}\"}"
                .formatted(created.json().get("stateMachineArn"));
        var answer = new RawHttp(stack.gateway.uri())
                .send(("POST / HTTP/1.1\r\nHost: %s\r\nX-Amz-Target: AWSStepFunctions.StartSyncExecution\r\n"
                                + "Content-Type: application/x-amz-json-1.0\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s")
                        .formatted(host, body.length(), body));
        assertThat(RawHttp.status(answer)).as(answer).isEqualTo(200);
        assertThat(answer).contains("application/x-amz-json-1.0").contains("\"status\":\"SUCCEEDED\"");
    }

    @Test
    void whatItMeasuresIsOnAPortOfItsOwn() throws Exception {
        var measured = stack.gateway(EdgeSettings.LOOPBACK.withManagement(new EdgeSettings.Place("127.0.0.1", 0)));
        var called = new Api(measured.uri());
        assertThat(called.get("/v1/executions/none").status()).isEqualTo(400);
        assertThat(called.get("/metrics").status()).isEqualTo(404);

        var machines = new Api(measured.management().orElseThrow());
        assertThat(machines.get("/health/ready").status()).isEqualTo(200);
        var page = machines.get("/metrics").text();
        assertThat(page)
                .contains("stepstream_gateway_requests_seconds_count{for=\"v1\",status=\"400\"} 1")
                .contains("stepstream_gateway_waiting_calls 0.0");
        Pattern.compile("^# HELP (\\w+) ", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(found -> found.group(1).replaceFirst("_max$", ""))
                .forEach(name -> assertThat(documented()).contains("`" + name + "`"));
    }

    private static String documented() {
        try {
            return Files.readString(Path.of("../docs/metrics.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theSameByTheAwsApi() throws Exception {
        var created = api.aws(
                "CreateStateMachine",
                "{'name':'aws-pass','roleArn':'arn:aws:iam::000000000000:role/r','definition':'%s'}"
                        .formatted(PASS.replace("'", "\\\"")));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        assertThat(created.header("x-amzn-RequestId")).isNotEmpty();
        var machine = created.json().get("stateMachineArn").asText();
        assertThat(machine).isEqualTo(Arns.DEFAULT.stateMachine("aws-pass"));

        var described = api.aws("DescribeStateMachine", "{'stateMachineArn':'%s'}".formatted(machine))
                .json();
        assertThat(described.get("name").asText()).isEqualTo("aws-pass");
        assertThat(described.get("roleArn").asText()).isEqualTo("arn:aws:iam::000000000000:role/r");

        var started = api.aws("StartExecution", "{'stateMachineArn':'%s','name':'one'}".formatted(machine))
                .json();
        var arn = started.get("executionArn").asText();
        assertThat(arn).isEqualTo(Arns.DEFAULT.execution("aws-pass", "one"));
        assertThat(started.get("startDate").isNumber()).isTrue();

        var seen = api.aws("DescribeExecution", "{'executionArn':'%s'}".formatted(arn))
                .json();
        assertThat(seen.get("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(seen.get("output").asText()).contains("1.5");
        assertThat(seen.get("stopDate").isNumber()).isTrue();

        var page = api.aws(
                        "GetExecutionHistory",
                        "{'executionArn':'%s','maxResults':1,'reverseOrder':true}".formatted(arn))
                .json();
        assertThat(page.get("events").findValuesAsText("type")).containsExactly("ExecutionSucceeded");
        var next = api.aws(
                        "GetExecutionHistory",
                        "{'executionArn':'%s','reverseOrder':true,'includeExecutionData':false,'nextToken':'%s'}"
                                .formatted(arn, page.get("nextToken").asText()))
                .json();
        assertThat(next.get("events").findValuesAsText("type"))
                .containsExactly("PassStateExited", "PassStateEntered", "ExecutionStarted");
        assertThat(next.toString()).doesNotContain("\"input\"").doesNotContain("\"output\"");
        assertThat(next.has("nextToken")).isFalse();
    }

    @Test
    void aDefinitionThatIsNotValidIsRefusedWithEveryFindingAndNothingIsStored() throws Exception {
        var before = stack.appended(Topics.COMMANDS);
        var refused = api.post(
                "/v1/state-machines", "{'name':'bad','definition':{'StartAt':'X','States':{'A':{'Type':'Pass'}}}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("type").asText()).isEqualTo("InvalidDefinition");
        // The empty pointer is the whole document (RFC 6901): a workflow without an end has no narrower place.
        assertThat(refused.json().get("findings"))
                .extracting(finding -> finding.get("code").asText() + " at '"
                        + finding.get("path").asText() + "'")
                .containsExactly(
                        "SCHEMA_VALIDATION_FAILED at '/States/A'",
                        "MISSING_TRANSITION_TARGET at '/StartAt'",
                        "MISSING_END_STATE at ''");
        assertThat(refused.json().get("findings"))
                .allSatisfy(finding -> assertThat(finding.get("fix").asText()).isNotEmpty());
        assertThat(stack.appended(Topics.COMMANDS)).isEqualTo(before);
        assertThat(api.post("/v1/executions", "{'stateMachine':'bad'}")
                        .json()
                        .get("type")
                        .asText())
                .isEqualTo("StateMachineDoesNotExist");
    }

    @Test
    void aRepeatWithTheSameKeyStartsNothingNew() throws Exception {
        flow.started("repeat", PASS, "{}");
        var body = "{'stateMachine':'repeat','input':{'a':1}}";
        var first = api.post("/v1/executions", body, "Idempotency-Key", "key-1");
        var second = api.post("/v1/executions", body, "Idempotency-Key", "key-1");
        var other = api.post("/v1/executions", body, "Idempotency-Key", "key-2");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(other.json().get("executionArn")).isNotEqualTo(first.json().get("executionArn"));

        var named = api.post("/v1/executions", "{'stateMachine':'repeat','name':'n','input':1}");
        assertThat(named.status()).isEqualTo(201);
        var clash = api.post("/v1/executions", "{'stateMachine':'repeat','name':'n','input':2}");
        assertThat(clash.status()).isEqualTo(409);
        assertThat(clash.json().get("type").asText()).isEqualTo("ExecutionAlreadyExists");
    }

    @Test
    void createAndStartInOneBreath() throws Exception {
        for (var i = 0; i < 10; i++) {
            flow.started("breath-" + i, PASS, "{}");
        }
    }

    @Test
    void aTaskIsAnsweredOnce() throws Exception {
        var id = flow.started("answer", Flow.approval("answer-task"), "{'x':1}");
        var token = flow.token("answer-task");

        assertThat(api.post("/v1/tasks/" + token + "/heartbeat", "").status()).isEqualTo(200);
        assertThat(api.post("/v1/tasks/" + token + "/success", "{'ok':true")
                        .json()
                        .get("detail")
                        .asText())
                .contains("line 1, column");
        assertThat(api.post("/v1/tasks/" + token + "/success", "{'ok':true}").status())
                .isEqualTo(200);
        var seen = api.get("/v1/executions/" + id).json();
        assertThat(seen.get("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(seen.get("output").toString()).isEqualTo("{\"ok\":true}");

        for (var again : new String[] {"success", "heartbeat", "failure"}) {
            var late = api.post("/v1/tasks/" + token + "/" + again, again.equals("success") ? "{}" : "");
            assertThat(late.json().get("type").asText()).as(again).isIn("TaskTimedOut", "TaskDoesNotExist");
        }
        var late = api.aws("SendTaskSuccess", "{'taskToken':'%s','output':'1'}".formatted(token));
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.json().get("__type").asText()).isIn("TaskTimedOut", "TaskDoesNotExist");
    }

    @Test
    void aTaskFails() throws Exception {
        var id = flow.started("fails", Flow.approval("fails-task"), "{}");
        var failed = api.aws(
                "SendTaskFailure",
                "{'taskToken':'%s','error':'Oops','cause':'because'}".formatted(flow.token("fails-task")));
        assertThat(failed.status()).isEqualTo(200);
        var seen = api.get("/v1/executions/" + id).json();
        assertThat(seen.get("status").asText()).isEqualTo("FAILED");
        assertThat(seen.get("error").asText()).isEqualTo("Oops");
        assertThat(seen.get("cause").asText()).isEqualTo("because");
    }

    @Test
    void aPollMayBeOpenBeforeTheTaskExists() throws Exception {
        assertThat(api.aws("CreateActivity", "{'name':'early-task'}").status()).isEqualTo(200);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Reply> polling = () -> flow.poll("early-task");
            var first = executor.submit(polling);
            var second = executor.submit(polling);
            var a = flow.started("early-a", Flow.approval("early-task"), "{'n':1}");
            var b = flow.started("early-b", Flow.approval("early-task"), "{'n':2}");
            var tokens = java.util.List.of(first.get(), second.get());
            for (var polled : tokens) {
                var token = polled.json().get("taskToken").asText();
                assertThat(polled.json().get("input").asText()).contains("\"request\":{\"n\":");
                assertThat(api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(token))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(tokens)
                    .extracting(polled -> stack.keys
                            .verify(polled.json().get("taskToken").asText())
                            .executionId())
                    .containsExactlyInAnyOrder(a, b);
        }
    }

    @Test
    void anActivityIsTakenByAName() throws Exception {
        assertThat(api.aws("CreateActivity", "{'name':'act'}")
                        .json()
                        .get("activityArn")
                        .asText())
                .isEqualTo(Arns.DEFAULT.activity("act"));
        var id = flow.started(
                "activity",
                "{'StartAt':'A','States':{'A':{'Type':'Task','Resource':'%s','End':true}}}"
                        .formatted(Arns.DEFAULT.activity("act")),
                "{'n':1}");
        var token = flow.token("act");
        assertThat(api.aws("SendTaskSuccess", "{'taskToken':'%s','output':'2'}".formatted(token))
                        .status())
                .isEqualTo(200);
        assertThat(api.get("/v1/executions/" + id + "/history")
                        .json()
                        .get("events")
                        .findValuesAsText("type"))
                .containsSubsequence("ActivityScheduled", "ActivityStarted", "ActivitySucceeded");
        assertThat(api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("nobody")))
                        .json()
                        .get("message")
                        .asText())
                .isEqualTo("Activity Does Not Exist: '%s'".formatted(Arns.DEFAULT.activity("nobody")));
    }

    @Test
    void anExecutionIsStopped() throws Exception {
        var id = flow.started("stopped", Flow.approval("stopped-task"), "{}");
        var arn = api.get("/v1/executions/" + id).json().get("executionArn").asText();
        var stopped = api.aws("StopExecution", "{'executionArn':'%s','error':'E','cause':'C'}".formatted(arn));
        assertThat(stopped.status()).isEqualTo(200);
        assertThat(stopped.json().get("stopDate").isNumber()).isTrue();
        assertThat(api.get("/v1/executions/" + id).json().get("status").asText())
                .isEqualTo("ABORTED");
        assertThat(api.aws("StopExecution", "{'executionArn':'%sx'}".formatted(arn))
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("ExecutionDoesNotExist");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "StartExecution      | {'stateMachineArn':'arn:aws:states:us-east-1:000000000000:stateMachine:none'} | StateMachineDoesNotExist | State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:none'",
                "StartExecution      | {'stateMachineArn':'foo'}  | InvalidArn           | Invalid Arn: 'Invalid ARN prefix: foo'",
                "StartExecution      | {}                         | ValidationException  | 1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
                "DescribeExecution   | {'executionArn':'arn:aws:states:us-east-1:000000000000:execution:m:e'} | ExecutionDoesNotExist | Execution Does Not Exist: 'arn:aws:states:us-east-1:000000000000:execution:m:e'",
                "GetExecutionHistory | {'executionArn':'arn:aws:states:us-east-1:000000000000:execution:m:e','maxResults':1001} | ValidationException | 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
                "CreateStateMachine  | {'name':'','type':'FAST'} | ValidationException | 4 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'definition' failed to satisfy constraint: Member must not be null; Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
                "CreateActivity      | {'name':'activity name'}   | InvalidName          | Invalid Name: 'activity name'",
                "SendTaskSuccess     | {'taskToken':'x','output':'1'} | InvalidToken     | Invalid Token: 'Invalid token'",
                "StartExecution      | {'stateMachineArn':'arn:aws:states:us-east-1:000000000000:stateMachine:none','traceHeader':'Root=1-5759e988-bd862e3fe1be46a994272793'} | ValidationException | 'traceHeader' is not supported: traces are W3C's, in HTTP headers",
                "TestState           | {'definition':'{}','revealSecrets':true} | ValidationException | 'revealSecrets' is not supported: nothing that a test shows is a secret of ours",
                "Dance               | {}                         | UnknownOperationException | Operation 'Dance' is not one of this API",
                "StartExecution      | {'a':                      | SerializationException | Malformed JSON at line 1, column 6: Unexpected end-of-input within/between Object entries",
            })
    void awsErrorsAreAws(String operation, String body, String type, String message) throws Exception {
        var reply = api.aws(operation, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("__type").asText()).isEqualTo(type);
        assertThat(reply.json().get("message").asText()).isEqualTo(message);
    }

    @Test
    void aPayloadOverTheLimitIsRefusedWithItsSize() throws Exception {
        flow.started("large", PASS, "{}");
        var large = "\"" + "x".repeat(256 * 1024) + "\"";
        var refused = api.send("POST", "/v1/executions", "{\"stateMachine\":\"large\",\"input\":%s}".formatted(large));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.json().get("detail").asText()).contains("262144").contains("262146");
    }

    /** The sender hears of it, though it is still sending: a connection closed with unread bytes would be reset. */
    @ParameterizedTest
    @CsvSource({"3145729,announced", "4194304,announced", "15000000,announced", "4194304,chunked", "15000000,chunked"})
    void aBodyOverTheLimitIsReadAndRefused(int bytes, String transfer) throws Exception {
        var body = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
        for (var i = 0; i < 5; i++) {
            var publisher = transfer.equals("chunked")
                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                    : BodyPublishers.ofByteArray(body);
            assertThat(api.post("/v1/executions", publisher).status()).isEqualTo(413);
        }
        assertThat(api.get("/health/ready").status()).isEqualTo(200);
    }
}
