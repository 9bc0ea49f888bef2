package io.stepstream.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsAccessTest {

    /** Every cell: which roles may call which operation, in the order of the roles; the rest may not. */
    @ParameterizedTest
    @CsvSource({
        "CreateActivity, D",
        "CreateStateMachine, D",
        "CreateStateMachineAlias, D",
        "DeleteActivity, D",
        "DeleteStateMachine, D",
        "DeleteStateMachineAlias, D",
        "DeleteStateMachineVersion, D",
        "DescribeActivity, VOD",
        "DescribeExecution, VO",
        "DescribeMapRun, VO",
        "DescribeStateMachine, VOD",
        "DescribeStateMachineAlias, VOD",
        "DescribeStateMachineForExecution, VO",
        "GetActivityTask, W",
        "GetExecutionHistory, VO",
        "ListActivities, VOD",
        "ListExecutions, VO",
        "ListMapRuns, VO",
        "ListStateMachineAliases, VOD",
        "ListStateMachineVersions, VOD",
        "ListStateMachines, VOD",
        "ListTagsForResource, VOD",
        "PublishStateMachineVersion, D",
        "RedriveExecution, O",
        "SendTaskFailure, W",
        "SendTaskHeartbeat, W",
        "SendTaskSuccess, W",
        "StartExecution, O",
        "StartSyncExecution, O",
        "StopExecution, O",
        "TagResource, D",
        "TestState, D",
        "UntagResource, D",
        "UpdateMapRun, O",
        "UpdateStateMachine, D",
        "UpdateStateMachineAlias, D",
        "ValidateStateMachineDefinition, VOD"
    })
    void everyCell(String operation, String may) {
        var roles = AwsAccess.to(operation).orElseThrow();
        assertThat(Stream.of(Role.values())
                        .filter(roles::contains)
                        .map(role -> role.name().substring(0, 1))
                        .collect(Collectors.joining()))
                .isEqualTo(may);
    }

    @Test
    void everyOperationOfTheModelHasARow() throws Exception {
        var model = Path.of(System.getProperty("conformance.dir"), "aws-states-model.json");
        assumeTrue(Files.exists(model), "the model is not at " + model);
        var operations = new ObjectMapper().readTree(model.toFile()).path("operations");
        assertThat(operations.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(AwsAccess.ROWS.keySet())
                .hasSize(37);
    }
}
