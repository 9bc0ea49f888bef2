package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway in front of a real engine on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {

    private static final String PASS = "{'StartAt':'A','States':{'A':{'Type':'Pass','Result':{'n':1.5},'End':true}}}";

    private Stack stack;
    private Api api;

    @BeforeAll
    void start() throws Exception {
        stack = new Stack();
        api = stack.api;
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    /** A state that asks for an approval, as the example does. */
    private static String approval(String task) {
        return ("{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                        + "'Parameters':{'FunctionName':'%s','Payload':{'body':{'taskToken.$':'$$.Task.Token','request.$':'$'}}},'End':true}}}")
                .formatted(task);
    }

    /** A state machine of this definition, and an execution of it that has just begun. */
    private String started(String machine, String definition, String input) throws Exception {
        var created = api.post("/v1/state-machines", "{'name':'%s','definition':%s}".formatted(machine, definition));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        var started = api.post("/v1/executions", "{'stateMachine':'%s','input':%s}".formatted(machine, input));
        assertThat(started.status()).as(started.text()).isEqualTo(201);
        return started.json().get("executionId").asText();
    }

    private Reply poll(String task) throws Exception {
        return api.aws(
                "GetActivityTask", "{'activityArn':'%s','workerName':'w'}".formatted(Arns.DEFAULT.activity(task)));
    }

    /** The token of the one task that waits under this name. */
    private String token(String task) throws Exception {
        var polled = poll(task);
        assertThat(polled.status()).as(polled.text()).isEqualTo(200);
        return polled.json().get("taskToken").asText();
    }

    @Test
    void createsStartsDescribesAndTellsTheHistory() throws Exception {
        var id = started("pass", PASS, "{'id':7}");

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
        started("repeat", PASS, "{}");
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
            started("breath-" + i, PASS, "{}");
        }
    }

    @Test
    void aTaskIsAnsweredOnce() throws Exception {
        var id = started("answer", approval("answer-task"), "{'x':1}");
        var token = token("answer-task");

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
        var id = started("fails", approval("fails-task"), "{}");
        var failed = api.aws(
                "SendTaskFailure",
                "{'taskToken':'%s','error':'Oops','cause':'because'}".formatted(token("fails-task")));
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
            Callable<Reply> polling = () -> poll("early-task");
            var first = executor.submit(polling);
            var second = executor.submit(polling);
            var a = started("early-a", approval("early-task"), "{'n':1}");
            var b = started("early-b", approval("early-task"), "{'n':2}");
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
        var id = started(
                "activity",
                "{'StartAt':'A','States':{'A':{'Type':'Task','Resource':'%s','End':true}}}"
                        .formatted(Arns.DEFAULT.activity("act")),
                "{'n':1}");
        var token = token("act");
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
        var id = started("stopped", approval("stopped-task"), "{}");
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

    @Test
    void nothingOfAForgedTokenReachesATopic() throws Exception {
        var id = started("forged", approval("forged-task"), "{}");
        var token = token("forged-task");
        var foreign = TokenKeys.generate().sign(new TaskToken(id, 1, "0123456789abcdef"));
        var link = ApprovalLink.make(token, caveats(Caveats.Decision.APPROVED, Optional.empty()));
        var before = stack.appended(Topics.TASK_RESULTS);
        var tampered = flipped(token);
        for (var forged : new String[] {tampered, token.substring(1), token + "A", foreign, "x", link}) {
            for (var path : new String[] {"/success", "/failure", "/heartbeat"}) {
                var refused = api.post("/v1/tasks/" + forged + path, path.equals("/success") ? "{}" : "");
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.json().get("type").asText()).isEqualTo("InvalidToken");
            }
            assertThat(api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(forged))
                            .json()
                            .get("__type")
                            .asText())
                    .isEqualTo("InvalidToken");
        }
        var unknown = api.get("/a/" + flipped(link));
        for (var forged : new String[] {tampered, token.substring(1), foreign, "x"}) {
            for (var path : new String[] {"/a/", "/approve/", "/deny/"}) {
                assertThat(api.get(path + forged).status()).isEqualTo(404);
                assertThat(api.form(path + forged, "comment=x").status()).isEqualTo(404);
                assertThat(api.get(path + forged).text()).isEqualTo(unknown.text());
            }
        }
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);
        assertThat(api.get("/v1/executions/" + id).json().get("status").asText())
                .isEqualTo("RUNNING");
    }

    private static String flipped(String text) {
        var last = text.charAt(text.length() - 2);
        return text.substring(0, text.length() - 2) + (last == 'A' ? 'B' : 'A') + text.charAt(text.length() - 1);
    }

    private static Caveats caveats(Caveats.Decision decision, Optional<Instant> expires) {
        return new Caveats(decision, expires, Optional.of("ada@example.org"));
    }

    @Test
    void aLinkShowsAndItsFormDecides() throws Exception {
        var id = started("page", approval("page-task"), "{'title':'<b>chairs</b>','amount':12.5}");
        var token = token("page-task");
        var approve = "/a/" + ApprovalLink.make(token, caveats(Caveats.Decision.APPROVED, Optional.empty()));
        var deny = "/a/" + ApprovalLink.make(token, caveats(Caveats.Decision.DENIED, Optional.empty()));
        var before = stack.appended(Topics.TASK_RESULTS);

        for (var i = 0; i < 2; i++) {
            var page = api.get(approve);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text())
                    .contains("Approve this request?")
                    .contains("&lt;b&gt;chairs&lt;/b&gt;")
                    .contains("12.5")
                    .contains("ada@example.org")
                    .doesNotContain(token)
                    .doesNotContain("***");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(page.header("Cache-Control")).isEqualTo("no-store");
            var head = api.send("HEAD", approve, "");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.text()).isEmpty();
        }
        assertThat(api.form(approve, "comment=x", "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(stack.appended(Topics.TASK_RESULTS)).isEqualTo(before);

        var decided = api.form(approve, "comment=Good+%3Cidea%3E", "Sec-Fetch-Site", "same-origin", "Origin", "null");
        assertThat(decided.status()).isEqualTo(303);
        assertThat(decided.header("Location")).isEqualTo(approve);
        assertThat(api.get(approve).text())
                .contains("This request was approved")
                .contains("Approved by <strong>ada@example.org</strong>")
                .contains("Good &lt;idea&gt;")
                .doesNotContain("<form");
        var output = api.get("/v1/executions/" + id).json().get("output");
        assertThat(output.get("decision").asText()).isEqualTo("APPROVED");
        assertThat(output.get("decidedBy").asText()).isEqualTo("ada@example.org");

        var second = api.form(deny, "comment=no");
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text()).contains("came too late").contains("Approved by <strong>ada@example.org</strong>");
        assertThat(api.get(deny).text()).contains("This request was approved");
    }

    @Test
    void plainFormsDecideByTheTokenItself() throws Exception {
        var id = started("plain", approval("plain-task"), "{}");
        var token = token("plain-task");
        assertThat(api.get("/approve/" + token).text()).contains("Approve this request?");
        assertThat(api.get("/deny/" + token).text())
                .contains("Deny this request?")
                .contains("Your name");
        assertThat(api.form("/deny/" + token, "name=Grace&comment=").status()).isEqualTo(303);
        assertThat(api.get("/v1/executions/" + id)
                        .json()
                        .get("output")
                        .get("decision")
                        .asText())
                .isEqualTo("DENIED");
        assertThat(api.get("/approve/" + token).text()).contains("Denied by <strong>Grace</strong>");
    }

    @Test
    void anExpiredLinkSaysSo() throws Exception {
        started("expired", approval("expired-task"), "{}");
        var expired =
                caveats(Caveats.Decision.APPROVED, Optional.of(Instant.now().minusSeconds(60)));
        var path = "/a/" + ApprovalLink.make(token("expired-task"), expired);
        assertThat(api.get(path).status()).isEqualTo(410);
        assertThat(api.get(path).text()).contains("This link has expired").doesNotContain("<form");
        assertThat(api.form(path, "comment=x").status()).isEqualTo(410);
    }

    @Test
    void aRequestThatRanOutOfTimeSaysSo() throws Exception {
        var definition = approval("late-task").replace("'End':true", "'TimeoutSeconds':1,'End':true");
        var id = started("late", definition, "{}");
        var token = token("late-task");
        while (api.get("/v1/executions/" + id).json().get("status").asText().equals("RUNNING")) {
            Thread.onSpinWait();
        }
        assertThat(api.get("/approve/" + token).text()).contains("The time to decide has run out");
        assertThat(api.form("/approve/" + token, "").status()).isEqualTo(410);
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
                "CreateActivity      | {'name':'activity name'}   | InvalidName          | Invalid Name: 'activity name'",
                "SendTaskSuccess     | {'taskToken':'x','output':'1'} | InvalidToken     | Invalid Token: 'Invalid token'",
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
        started("large", PASS, "{}");
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
