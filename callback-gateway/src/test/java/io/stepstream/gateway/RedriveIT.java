package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Arns;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** RedriveExecution against a real engine: only what did not end well runs again. */
@ExtendWith(SharedStack.class)
class RedriveIT {
    private final Api api;

    RedriveIT(Stack stack) {
        api = stack.api;
    }

    private JsonNode aws(String operation, String json) throws Exception {
        var reply = api.aws(operation, json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private String started(String name, String definition, String input) throws Exception {
        var created = api.post("/v1/state-machines", "{'name':'%s','definition':%s}".formatted(name, definition));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return aws(
                        "StartExecution",
                        "{'stateMachineArn':'%s','input':'%s'}".formatted(Arns.DEFAULT.stateMachine(name), input))
                .get("executionArn")
                .asText();
    }

    /** So many tasks of this name: tokens by their inputs. */
    private TreeMap<String, String> tasks(String name, int count) throws Exception {
        var tokens = new TreeMap<String, String>();
        for (var i = 0; i < count; i++) {
            var task = aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity(name)));
            tokens.put(task.path("input").asText(), task.path("taskToken").asText());
        }
        return tokens;
    }

    private void succeed(TreeMap<String, String> tasks, String input) throws Exception {
        aws("SendTaskSuccess", "{'taskToken':'%s','output':'%s'}".formatted(tasks.get(input), input));
    }

    private String ended(String arn) throws Exception {
        // The stream of its events ends with it.
        api.get("/v1/executions/%s/events".formatted(URLEncoder.encode(arn, StandardCharsets.UTF_8)));
        return aws("DescribeExecution", "{'executionArn':'%s'}".formatted(arn))
                .get("status")
                .asText();
    }

    @Test
    void aMapRunIsRedrivenWithItsUnsuccessfulChildren() throws Exception {
        var arn = started("redriven-run", """
                {'StartAt':'Each','States':{'Each':{'Type':'Map','End':true,'ItemProcessor':{
                  'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},'StartAt':'Work','States':{
                  'Work':{'Type':'Task','Resource':'arn:stepstream:kafka:::redriven-item.waitForTaskToken','End':true}}}}}}
                """, "[1,2,3]");
        var first = tasks("redriven-item", 3);
        succeed(first, "1");
        aws("SendTaskFailure", "{'taskToken':'%s','error':'Broken'}".formatted(first.get("2")));
        assertThat(ended(arn)).isEqualTo("FAILED");
        aws("RedriveExecution", "{'executionArn':'%s'}".formatted(arn));
        var again = tasks("redriven-item", 2);
        assertThat(again.keySet()).containsExactly("2", "3");
        succeed(again, "3");
        succeed(again, "2");
        assertThat(ended(arn)).isEqualTo("SUCCEEDED");
        assertThat(aws("DescribeExecution", "{'executionArn':'%s'}".formatted(arn))
                        .get("output")
                        .asText())
                .isEqualTo("[1,2,3]");

        var runs = aws("ListMapRuns", "{'executionArn':'%s'}".formatted(arn)).get("mapRuns");
        assertThat(runs).hasSize(1);
        var run = aws(
                "DescribeMapRun",
                "{'mapRunArn':'%s'}".formatted(runs.get(0).get("mapRunArn").asText()));
        assertThat(run.get("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(run.get("redriveCount").asInt()).isEqualTo(1);
        assertThat(run.get("redriveDate").asDouble())
                .isGreaterThan(run.get("startDate").asDouble());
        assertThat(run.at("/executionCounts/succeeded").asInt()).isEqualTo(3);
        var history = aws("GetExecutionHistory", "{'executionArn':'%s','maxResults':1000}".formatted(arn));
        assertThat(history.findValue("mapRunRedrivenEventDetails")
                        .get("mapRunArn")
                        .asText())
                .isEqualTo(runs.get(0).get("mapRunArn").asText());
        assertThat(history.findValue("mapRunRedrivenEventDetails")
                        .get("redriveCount")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aParallelStateGoesOnWithItsUnsuccessfulBranches() throws Exception {
        var branch = "{'StartAt':'%1$s','States':{'%1$s':{'Type':'Task','InputPath':'$.%1$s',"
                + "'Resource':'arn:stepstream:kafka:::redriven-branch.waitForTaskToken','End':true}}}";
        var arn = started(
                "redriven-parallel",
                "{'StartAt':'All','States':{'All':{'Type':'Parallel','End':true,'Branches':[%s,%s,%s]}}}"
                        .formatted(branch.formatted("a"), branch.formatted("b"), branch.formatted("c")),
                "{\\'a\\':1,\\'b\\':2,\\'c\\':3}");
        var first = tasks("redriven-branch", 3);
        succeed(first, "1");
        aws("SendTaskFailure", "{'taskToken':'%s','error':'Broken'}".formatted(first.get("2")));
        assertThat(ended(arn)).isEqualTo("FAILED");
        aws("RedriveExecution", "{'executionArn':'%s'}".formatted(arn));
        var again = tasks("redriven-branch", 2);
        assertThat(again.keySet()).containsExactly("2", "3");
        succeed(again, "2");
        succeed(again, "3");
        assertThat(ended(arn)).isEqualTo("SUCCEEDED");
        assertThat(aws("DescribeExecution", "{'executionArn':'%s'}".formatted(arn))
                        .get("output")
                        .asText())
                .isEqualTo("[1,2,3]");
    }
}
