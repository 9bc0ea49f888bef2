package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.GetActivityTaskResponse;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** The approval example by the AWS SDK alone: whoever has code for AWS Step Functions changes the endpoint, and nothing else. */
class AwsSdkSceneTest {

    private static final String ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:";
    private static final String ROLE = "arn:aws:iam::000000000000:role/any";

    @TempDir
    static Path folder;

    private static DevStack stack;
    private static SfnClient sfn;

    @BeforeAll
    static void start() {
        stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases());
        sfn = SfnClient.builder()
                .endpointOverride(stack.gateway())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @AfterAll
    static void stop() {
        sfn.close();
        stack.close();
    }

    @Test
    void theScene() throws Exception {
        String definition = ApprovalDemo.definition(Optional.empty()).toString();
        String input = ApprovalDemo.resource("input.json").toString();
        String stateMachine = sfn.createStateMachine(
                        r -> r.name("approval").definition(definition).roleArn(ROLE))
                .stateMachineArn();
        String execution = sfn.startExecution(
                        r -> r.stateMachineArn(stateMachine).name("by-sdk").input(input))
                .executionArn();

        GetActivityTaskResponse asked = sfn.getActivityTask(
                r -> r.activityArn(ACTIVITY + "notify-approver").workerName("mailer"));
        JsonNode body = Scene.json(asked.input()).path("body");
        assertThat(body.path("token").asText()).isEqualTo(asked.taskToken());
        assertThat(body.at("/request/id").asText()).isEqualTo("PR-1042");
        assertThat(sfn.describeExecution(r -> r.executionArn(execution)).status())
                .isEqualTo(ExecutionStatus.RUNNING);
        sfn.sendTaskHeartbeat(r -> r.taskToken(asked.taskToken()));
        sfn.sendTaskSuccess(r -> r.taskToken(asked.taskToken()).output("{\"decision\":\"APPROVED\"}"));

        GetActivityTaskResponse save = sfn.getActivityTask(
                r -> r.activityArn(ACTIVITY + "save-feedback").workerName("clerk"));
        assertThat(Scene.json(save.input()).path("outcome").asText()).isEqualTo("The request was approved.");
        sfn.sendTaskSuccess(r -> r.taskToken(save.taskToken()).output("{\"receipt\":\"r-1\"}"));

        var end = sfn.describeExecution(r -> r.executionArn(execution));
        assertThat(end.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(Scene.json(end.output()).at("/feedback/receipt").asText()).isEqualTo("r-1");
        assertThat(sfn.getExecutionHistory(r -> r.executionArn(execution)).events())
                .extracting(event -> event.type())
                .contains(
                        HistoryEventType.EXECUTION_STARTED,
                        HistoryEventType.TASK_SCHEDULED,
                        HistoryEventType.TASK_SUBMITTED,
                        HistoryEventType.TASK_SUCCEEDED,
                        HistoryEventType.EXECUTION_SUCCEEDED);

        // AWS answers a token whose task has ended by TaskTimedOut.
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        sfn.sendTaskSuccess(r -> r.taskToken(asked.taskToken()).output("{}")))
                .isInstanceOf(TaskTimedOutException.class);
    }

    /** A version is what it was when it was published; an alias says which one new executions run. */
    @Test
    void theSceneByVersionsAndAnAlias() {
        String stateMachine = sfn.createStateMachine(r -> r.name("versioned")
                        .definition(answer("one"))
                        .roleArn(ROLE)
                        .publish(true)
                        .versionDescription("the first"))
                .stateMachineArn();
        String alias = sfn.createStateMachineAlias(r -> r.name("live")
                        .routingConfiguration(route -> route.stateMachineVersionArn(stateMachine + ":1")
                                .weight(100)))
                .stateMachineAliasArn();
        var updated = sfn.updateStateMachine(
                r -> r.stateMachineArn(stateMachine).definition(answer("two")).publish(true));
        assertThat(updated.stateMachineVersionArn()).isEqualTo(stateMachine + ":2");

        assertThat(output(alias)).isEqualTo("\"one\"");
        assertThat(output(stateMachine)).isEqualTo("\"two\"");
        sfn.updateStateMachineAlias(r -> r.stateMachineAliasArn(alias)
                .routingConfiguration(route ->
                        route.stateMachineVersionArn(stateMachine + ":2").weight(100)));
        assertThat(output(alias)).isEqualTo("\"two\"");
        assertThat(sfn.listExecutions(r -> r.stateMachineArn(alias)).executions())
                .extracting(execution -> execution.stateMachineVersionArn())
                .containsExactly(stateMachine + ":2", stateMachine + ":1");
        assertThat(sfn.listStateMachineVersions(r -> r.stateMachineArn(stateMachine))
                        .stateMachineVersions())
                .hasSize(2);
        sfn.deleteStateMachine(r -> r.stateMachineArn(stateMachine));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> sfn.describeStateMachine(r -> r.stateMachineArn(stateMachine)))
                .isInstanceOf(StateMachineDoesNotExistException.class);
    }

    private static String answer(String text) {
        return "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"Result\":\"%s\",\"End\":true}}}"
                .formatted(text);
    }

    /** What an execution gives that consists of nothing but Pass states: it has ended when its start is answered. */
    private static String output(String stateMachine) {
        String execution =
                sfn.startExecution(r -> r.stateMachineArn(stateMachine)).executionArn();
        return sfn.describeExecution(r -> r.executionArn(execution)).output();
    }

    @Test
    void aTokenThatNobodyMadeIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> sfn.sendTaskSuccess(r -> r.taskToken("forged").output("{}")))
                .isInstanceOf(SfnException.class)
                .hasMessageContaining("Token");
    }
}
