package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Arns;

/** What most tests do first: a state machine, an execution of it, the task that waits. */
record Flow(Api api) {

    /** A state that asks for an approval, as the example does. */
    static String approval(String task) {
        return ("{'StartAt':'Ask','States':{'Ask':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                        + "'Parameters':{'FunctionName':'%s','Payload':{'body':{'taskToken.$':'$$.Task.Token','request.$':'$'}}},'End':true}}}")
                .formatted(task);
    }

    /** A state machine of this definition, and an execution of it that has just begun. */
    String started(String machine, String definition, String input) throws Exception {
        var created = api.post("/v1/state-machines", "{'name':'%s','definition':%s}".formatted(machine, definition));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        var started = api.post("/v1/executions", "{'stateMachine':'%s','input':%s}".formatted(machine, input));
        assertThat(started.status()).as(started.text()).isEqualTo(201);
        return started.json().get("executionId").asText();
    }

    Reply poll(String task) throws Exception {
        return api.aws(
                "GetActivityTask", "{'activityArn':'%s','workerName':'w'}".formatted(Arns.DEFAULT.activity(task)));
    }

    /** The token of the one task that waits under this name. */
    String token(String task) throws Exception {
        var polled = poll(task);
        assertThat(polled.status()).as(polled.text()).isEqualTo(200);
        return polled.json().get("taskToken").asText();
    }
}
