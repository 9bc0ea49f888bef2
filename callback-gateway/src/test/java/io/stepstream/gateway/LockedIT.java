package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.gateway.auth.ApiKey;
import io.stepstream.gateway.auth.CredentialsFile;
import io.stepstream.gateway.auth.Role;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway with its doors locked: who gets in, how far, and what history says of him. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class LockedIT {

    private static final String NOBODY = "0".repeat(32);

    private Stack stack;
    private Staff staff;
    private Gateway gateway;
    private URI uri;
    private Api api;

    @BeforeAll
    void start(Stack shared) throws Exception {
        stack = shared;
        staff = new Staff(stack.data);
        gateway = stack.gateway(EdgeSettings.LOOPBACK.withCredentials(staff.file));
        uri = gateway.uri();
        api = new Api(uri);
    }

    private Reply call(ApiKey key, String method, String path, String body) throws Exception {
        return api.send(method, path, body.replace('\'', '"'), Staff.bearer(key));
    }

    private Reply all(String method, String path, String body) throws Exception {
        return call(staff.everything, method, path, body);
    }

    private Reply aws(String operation, String json) throws Exception {
        return Staff.aws(uri, Staff.id("all"), Staff.SECRET, operation, json);
    }

    private String started(ApiKey by, String machine, String definition, String input) throws Exception {
        var created = all("POST", "/v1/state-machines", "{'name':'%s','definition':%s}".formatted(machine, definition));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        var started = call(by, "POST", "/v1/executions", "{'stateMachine':'%s','input':%s}".formatted(machine, input));
        assertThat(started.status()).as(started.text()).isEqualTo(201);
        return started.json().get("executionId").asText();
    }

    private String token(String task) throws Exception {
        return aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity(task)))
                .json()
                .get("taskToken")
                .asText();
    }

    private static String approval(String task, String spec) {
        return ("{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                        + "'Parameters':{'FunctionName':'%s','Payload':{'taskToken.$':'$$.Task.Token','approval':{%s}}},'End':true}}}")
                .formatted(task, spec);
    }

    /** Every operation, and who may call it: V(iewer), O(perator), D(eployer), W(orker), A(pprover). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET  | /v1/openapi.json                | VODWA",
                "POST | /v1/state-machines              | D",
                "GET  | /v1/state-machines              | VOD",
                "GET  | /v1/state-machines/none         | VOD",
                "GET  | /v1/limits                      | VO",
                "PUT  | /v1/limits                      | O",
                "DELETE | /v1/limits                    | O",
                "POST | /v1/executions                  | O",
                "GET  | /v1/executions                  | VO",
                "GET  | /v1/executions/ID               | VO",
                "POST | /v1/executions/ID/stop          | O",
                "GET  | /v1/executions/ID/history       | VO",
                "GET  | /v1/executions/ID/events        | VO",
                "GET  | /v1/executions/ID/tasks         | VOA",
                "GET  | /v1/approvals                   | VOA",
                "POST | /v1/tasks/none/success          | W",
                "POST | /v1/tasks/none/failure          | W",
                "POST | /v1/tasks/none/heartbeat        | W",
                "POST | /v1/tasks/none/decision         | A",
                "GET  | /v1/nothing                     | VODWA",
            })
    void everyCellOfTheNativeApi(String method, String path, String may) throws Exception {
        var target = path.replace("ID", NOBODY);
        for (var role : Role.values()) {
            var reply = call(staff.key(role), method, target, method.equals("POST") ? "{}" : "");
            var letter = role.name().substring(0, 1);
            assertThat(reply.status() == 403)
                    .as("%s %s: %s", role, reply.status(), reply.text())
                    .isEqualTo(!may.contains(letter));
            if (reply.status() == 403) {
                assertThat(reply.json().get("type").asText()).isEqualTo("AccessDenied");
            } else {
                assertThat(reply.status()).isNotEqualTo(401);
            }
        }
        for (var headers : List.of(
                new String[0],
                new String[] {"Authorization", "Bearer ssk_00000000_" + "A".repeat(43)},
                new String[] {"Authorization", "Basic YTpi"},
                new String[] {"Authorization", "Bearer " + Staff.SECRET})) {
            var reply = api.send(method, target, "", headers);
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void everyRoleOfTheAwsApi() throws Exception {
        var machine = Arns.DEFAULT.stateMachine("none");
        for (var row : List.of(
                "CreateStateMachine|{}|DEPLOYER",
                "DescribeStateMachine|{'stateMachineArn':'%s'}|VIEWER OPERATOR DEPLOYER".formatted(machine),
                "StartExecution|{'stateMachineArn':'%s'}|OPERATOR".formatted(machine),
                "SendTaskSuccess|{'taskToken':'x','output':'1'}|WORKER",
                "GetActivityTask|{'activityArn':'%s'}|WORKER".formatted(Arns.DEFAULT.activity("none")))) {
            var cells = row.split("\\|");
            for (var role : Role.values()) {
                var reply = Staff.aws(uri, Staff.id(role.text()), Staff.SECRET + role, cells[0], cells[1]);
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.json().get("__type").asText().equals("AccessDeniedException"))
                        .as("%s %s %s", cells[0], role, reply.text())
                        .isEqualTo(!cells[2].contains(role.name()));
            }
        }
    }

    @Test
    void onlyPagesAndHealthAreOpen() throws Exception {
        assertThat(api.get("/health/live").status()).isEqualTo(200);
        assertThat(api.get("/health/ready").status()).isEqualTo(200);
        assertThat(api.get("/a/x").status()).isEqualTo(404);
        assertThat(api.get("/approve/x").status()).isEqualTo(404);
        assertThat(api.get("/").status()).isEqualTo(404);
        for (var operation : List.of("ListStateMachines", "StartExecution", "SendTaskHeartbeat", "Dance")) {
            var reply = api.aws(operation, "{}");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().get("__type").asText()).isEqualTo("MissingAuthenticationTokenException");
        }
        assertThat(Staff.aws(uri, "AKIA_nobody", Staff.SECRET, "ListStateMachines", "{}")
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("UnrecognizedClientException");
        assertThat(Staff.aws(uri, Staff.id("all"), Staff.SECRET + "x", "StartExecution", "{}")
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("InvalidSignatureException");
    }

    @Test
    void everyChangeNamesWhoMadeItAndWhereFrom() throws Exception {
        var id = started(staff.key(Role.OPERATOR), "named", approval("named-task", ""), "{}");
        var token = token("named-task");
        var answer = call(staff.key(Role.WORKER), "POST", "/v1/tasks/" + token + "/success", "{}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var aws = aws(
                "StartExecution",
                "{'stateMachineArn':'%s','name':'by-aws'}".formatted(Arns.DEFAULT.stateMachine("named")));
        var other = Arns.executionId(aws.json().get("executionArn").asText());
        var stopped = call(staff.key(Role.OPERATOR), "POST", "/v1/executions/" + other + "/stop", "{'error':'E'}");
        assertThat(stopped.status()).as(stopped.text()).isEqualTo(200);

        var first = stack.callers(id);
        assertThat(first)
                .extracting(caller -> caller.getPrincipal() + " " + caller.getChannel() + " " + caller.getAddress())
                .containsExactly("operator@example.org http 127.0.0.1", "worker@example.org http 127.0.0.1");
        assertThat(stack.callers(other))
                .extracting(caller -> caller.getPrincipal() + " " + caller.getChannel() + " " + caller.getAddress())
                .containsExactly("all@example.org aws 127.0.0.1", "operator@example.org http 127.0.0.1");
    }

    @Test
    void aStateMachineNamesWhoHasChangedIt() throws Exception {
        started(staff.key(Role.OPERATOR), "changed", approval("changed-task", ""), "{}");
        var tagged = Staff.aws(
                uri,
                Staff.id("deployer"),
                Staff.SECRET + Role.DEPLOYER,
                "TagResource",
                "{'resourceArn':'%s','tags':[{'key':'k','value':'v'}]}"
                        .formatted(Arns.DEFAULT.stateMachine("changed")));
        assertThat(tagged.status()).as(tagged.text()).isEqualTo(200);
        var shown = all("GET", "/v1/state-machines/changed", "").json();
        assertThat(shown.get("revisionBy").asText()).isEqualTo("all@example.org");
        assertThat(shown.get("changedBy").asText()).isEqualTo("deployer@example.org");
        assertThat(shown.get("changedFrom").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void aWorkerOfSomeTasksWorksOnNoOthers() throws Exception {
        var only = ApiKey.generate();
        CredentialsFile.addAws(
                staff.file, "charger", Set.of(Role.WORKER), Set.of("charge-task"), "AKIA_charger", Staff.SECRET);
        staff.hire("charger", Set.of(Role.WORKER), Set.of("charge-task"), only);
        awaitKnown(only);
        var mine = started(staff.everything, "mine", approval("charge-task", ""), "{}");
        var others = started(staff.everything, "others", approval("refund-task", ""), "{}");
        var polled = Staff.aws(
                uri,
                "AKIA_charger",
                Staff.SECRET,
                "GetActivityTask",
                "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("charge-task")));
        assertThat(polled.json().has("taskToken")).as(polled.text()).isTrue();
        assertThat(Staff.aws(
                                uri,
                                "AKIA_charger",
                                Staff.SECRET,
                                "GetActivityTask",
                                "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("refund-task")))
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("AccessDeniedException");
        var refund = token("refund-task");
        assertThat(call(only, "POST", "/v1/tasks/" + refund + "/success", "{}").status())
                .isEqualTo(403);
        assertThat(Staff.aws(
                                uri,
                                "AKIA_charger",
                                Staff.SECRET,
                                "SendTaskFailure",
                                "{'taskToken':'%s'}".formatted(refund))
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("AccessDeniedException");
        assertThat(call(
                                only,
                                "POST",
                                "/v1/tasks/" + polled.json().get("taskToken").asText() + "/success",
                                "{}")
                        .status())
                .isEqualTo(200);
        assertThat(status(mine)).isEqualTo("SUCCEEDED");
        assertThat(status(others)).isEqualTo("RUNNING");
    }

    private void awaitKnown(ApiKey key) throws Exception {
        while (call(key, "GET", "/v1/openapi.json", "").status() == 401) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anAwsKeyIsRotatedWhileTheGatewayRuns() throws Exception {
        var before = Files.readString(staff.file);
        CredentialsFile.addAws(
                staff.file, "rotating@example.org", Set.of(Role.VIEWER), Set.of(), "AKIA_new", Staff.SECRET);
        while (Staff.aws(uri, "AKIA_new", Staff.SECRET, "ListStateMachines", "{}")
                        .status()
                != 200) {
            Thread.onSpinWait();
        }
        Files.writeString(staff.file, before);
        while (Staff.aws(uri, "AKIA_new", Staff.SECRET, "ListStateMachines", "{}")
                        .status()
                == 200) {
            Thread.onSpinWait();
        }
        assertThat(Staff.aws(uri, "AKIA_new", Staff.SECRET, "ListStateMachines", "{}")
                        .json()
                        .get("__type")
                        .asText())
                .isEqualTo("UnrecognizedClientException");
        assertThat(aws("ListStateMachines", "{}").status()).isEqualTo(200);
    }

    @Test
    void aBrokenCredentialsFileChangesNothingAndReadinessSaysSo() throws Exception {
        var good = Files.readString(staff.file);
        Files.writeString(staff.file, "{broken");
        while (!api.get("/health/ready").text().contains("no JSON")) {
            Thread.onSpinWait();
        }
        assertThat(api.get("/health/ready").status()).isEqualTo(200);
        assertThat(all("GET", "/v1/state-machines", "").status()).isEqualTo(200);
        Files.writeString(staff.file, good);
        while (api.get("/health/ready").text().contains("warnings")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoAskedCannotApprove() throws Exception {
        var id = started(staff.key(Role.OPERATOR), "eyes", approval("eyes-task", "'fourEyes':true"), "{}");
        var token = token("eyes-task");
        var own = link(token, Decision.APPROVED, "Operator@example.org");
        var page = api.get(own);
        assertThat(page.text()).contains("Two people are needed").contains("operator@example.org");
        var refused = api.form(own, "comment=mine");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("whoever asks cannot approve");
        assertThat(api.form("/approve/" + token, "name=Ada").text()).contains("does not say who decides");
        assertThat(status(id)).isEqualTo("RUNNING");
        assertThat(api.form(link(token, Decision.APPROVED, "ada@example.org"), "")
                        .status())
                .isEqualTo(303);
        assertThat(status(id)).isEqualTo("SUCCEEDED");

        var denied = started(staff.key(Role.OPERATOR), "eyes", approval("eyes-task", "'fourEyes':true"), "{'n':2}");
        assertThat(api.form(link(token("eyes-task"), Decision.DENIED, "operator@example.org"), "")
                        .status())
                .isEqualTo(303);
        assertThat(status(denied)).isEqualTo("SUCCEEDED");
    }

    @Test
    void anApproverDecidesByTheNativeApiAndIsNamed() throws Exception {
        var spec =
                "'title':'Chairs','requestedBy':'ines','onDenied':'FAIL','form':{'type':'object','required':['centre'],"
                        + "'properties':{'centre':{'type':'integer','minimum':1}}}";
        var id = started(staff.everything, "decide", approval("decide-task", spec), "{}");
        var token = token("decide-task");
        var pending = call(staff.key(Role.APPROVER), "GET", "/v1/approvals", "")
                .json()
                .get("approvals");
        assertThat(pending).anySatisfy(approval -> {
            assertThat(approval.get("executionId").asText()).isEqualTo(id);
            assertThat(approval.get("title").asText()).isEqualTo("Chairs");
            assertThat(approval.get("requestedBy").asText()).isEqualTo("ines");
        });
        var decision = "/v1/tasks/" + token + "/decision";
        var wrong = call(staff.key(Role.APPROVER), "POST", decision, "{'decision':'APPROVED','fields':{'centre':0}}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("fields/centre").contains("1 or more");
        assertThat(call(staff.key(Role.APPROVER), "POST", decision, "{'decision':'APPROVED'}")
                        .status())
                .isEqualTo(400);
        var others = ApprovalLink.make(
                token, new Caveats(Decision.DENIED, Optional.empty(), Optional.of("ada@example.org")));
        assertThat(call(staff.key(Role.APPROVER), "POST", "/v1/tasks/" + others + "/decision", "{'decision':'DENIED'}")
                        .status())
                .isEqualTo(403);
        var denied = call(
                staff.key(Role.APPROVER),
                "POST",
                decision,
                "{'decision':'DENIED','comment':'no','decidedBy':'x','fields':{'centre':7}}");
        assertThat(denied.status()).as(denied.text()).isEqualTo(200);

        var execution = all("GET", "/v1/executions/" + id, "").json();
        assertThat(execution.get("status").asText()).isEqualTo("FAILED");
        assertThat(execution.get("error").asText()).isEqualTo("Approval.Denied");
        assertThat(execution.get("cause").asText())
                .contains("\"comment\":\"no\"")
                .contains("\"fields\":{\"centre\":7}")
                .contains("\"decidedBy\":\"approver@example.org\"");
        var tasks = call(staff.key(Role.APPROVER), "GET", "/v1/executions/" + id + "/tasks", "")
                .json()
                .get("tasks");
        assertThat(tasks).hasSize(1);
        assertThat(tasks.get(0).get("decidedBy").asText()).isEqualTo("approver@example.org");
        assertThat(tasks.get(0).get("decision").asText()).isEqualTo("DENIED");
        assertThat(tasks.get(0).get("fields").toString()).isEqualTo("{\"centre\":7}");
        assertThat(call(staff.key(Role.APPROVER), "GET", "/v1/approvals?limit=1000", "")
                        .text())
                .doesNotContain(id);
    }

    @Test
    void aDefinitionWithAFormThatNobodyCouldFillInIsRefused() throws Exception {
        var refused = all(
                "POST",
                "/v1/state-machines",
                "{'name':'bad-form','definition':%s}"
                        .formatted(approval("f", "'form':{'type':'object','properties':{'a':{'type':'array'}}}")));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("findings").get(0).get("path").asText())
                .isEqualTo("/States/Ask/Parameters/Payload/approval/form/properties/a/type");
    }

    private static String link(String token, Decision decision, String approver) {
        return "/a/" + ApprovalLink.make(token, new Caveats(decision, Optional.empty(), Optional.of(approver)));
    }

    private String status(String id) throws Exception {
        return all("GET", "/v1/executions/" + id, "").json().get("status").asText();
    }
}
