package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Arns;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * An execution that is started once CreateActivity has been answered finds the activity, wherever it runs. The engine of this test reads the topic of
 * definitions a second late.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CreatedActivityIT {
    private static final int NAMES = 4;
    /** So many that every partition has some. */
    private static final int EXECUTIONS = 8;

    private Stack stack;

    @BeforeAll
    void start() throws Exception {
        stack = new Stack(
                Map.of("global.consumer.fetch.min.bytes", "10000000", "global.consumer.fetch.max.wait.ms", "1000"));
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private JsonNode aws(String operation, String json) throws Exception {
        var reply = stack.api.aws(operation, json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void aNameFromTheInputIsKnownToExecutionsThatStartAfterTheAnswer() throws Exception {
        var machine = Arns.DEFAULT.stateMachine("named-by-input");
        var created = stack.api.post("/v1/state-machines", """
                {'name':'named-by-input','definition':{'StartAt':'Send','States':{'Send':{'Type':'Task','End':true,
                  'Resource':'arn:aws:states:::sqs:sendMessage.waitForTaskToken','Parameters':{
                    'QueueUrl.$':'$.queue','MessageBody':{'token.$':'$$.Task.Token'}}}}}}
                """);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        for (var name :
                IntStream.range(0, NAMES).mapToObj("queue-%d"::formatted).toList()) {
            var activity =
                    aws("CreateActivity", "{'name':'%s'}".formatted(name)).get("activityArn");
            for (var i = 0; i < EXECUTIONS; i++) {
                aws("StartExecution", """
                        {'stateMachineArn':'%s','input':'{\\'queue\\':\\'https://sqs.us-east-1.amazonaws.com/000000000000/%s\\'}'}
                        """.formatted(machine, name));
            }
            for (var i = 0; i < EXECUTIONS; i++) {
                assertThat(aws("GetActivityTask", "{'activityArn':%s}".formatted(activity))
                                .has("taskToken"))
                        .as(name)
                        .isTrue();
            }
        }
        assertThat(aws("ListExecutions", "{'stateMachineArn':'%s','statusFilter':'FAILED'}".formatted(machine))
                        .get("executions"))
                .isEmpty();
    }
}
