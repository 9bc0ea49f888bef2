package io.stepstream.gateway.auth;

import static io.stepstream.gateway.auth.Role.DEPLOYER;
import static io.stepstream.gateway.auth.Role.OPERATOR;
import static io.stepstream.gateway.auth.Role.VIEWER;
import static io.stepstream.gateway.auth.Role.WORKER;
import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which roles may call which operation of the AWS API: one row for each of its 37 operations. */
final class AwsAccess {

    private static final Set<Role> DEPLOY = Set.of(DEPLOYER);
    private static final Set<Role> OPERATE = Set.of(OPERATOR);
    private static final Set<Role> SEE_RUNS = Set.of(VIEWER, OPERATOR);
    private static final Set<Role> SEE_MACHINES = Set.of(VIEWER, OPERATOR, DEPLOYER);
    private static final Set<Role> WORK = Set.of(WORKER);

    static final Map<String, Set<Role>> ROWS = Map.ofEntries(
            entry("CreateActivity", DEPLOY),
            entry("CreateStateMachine", DEPLOY),
            entry("CreateStateMachineAlias", DEPLOY),
            entry("DeleteActivity", DEPLOY),
            entry("DeleteStateMachine", DEPLOY),
            entry("DeleteStateMachineAlias", DEPLOY),
            entry("DeleteStateMachineVersion", DEPLOY),
            entry("DescribeActivity", SEE_MACHINES),
            entry("DescribeExecution", SEE_RUNS),
            entry("DescribeMapRun", SEE_RUNS),
            entry("DescribeStateMachine", SEE_MACHINES),
            entry("DescribeStateMachineAlias", SEE_MACHINES),
            entry("DescribeStateMachineForExecution", SEE_RUNS),
            entry("GetActivityTask", WORK),
            entry("GetExecutionHistory", SEE_RUNS),
            entry("ListActivities", SEE_MACHINES),
            entry("ListExecutions", SEE_RUNS),
            entry("ListMapRuns", SEE_RUNS),
            entry("ListStateMachineAliases", SEE_MACHINES),
            entry("ListStateMachineVersions", SEE_MACHINES),
            entry("ListStateMachines", SEE_MACHINES),
            entry("ListTagsForResource", SEE_MACHINES),
            entry("PublishStateMachineVersion", DEPLOY),
            entry("RedriveExecution", OPERATE),
            entry("SendTaskFailure", WORK),
            entry("SendTaskHeartbeat", WORK),
            entry("SendTaskSuccess", WORK),
            entry("StartExecution", OPERATE),
            entry("StartSyncExecution", OPERATE),
            entry("StopExecution", OPERATE),
            entry("TagResource", DEPLOY),
            entry("TestState", DEPLOY),
            entry("UntagResource", DEPLOY),
            entry("UpdateMapRun", OPERATE),
            entry("UpdateStateMachine", DEPLOY),
            entry("UpdateStateMachineAlias", DEPLOY),
            entry("ValidateStateMachineDefinition", SEE_MACHINES));

    private AwsAccess() {}

    /** Who may call it; empty if AWS has no such operation. */
    static Optional<Set<Role>> to(String operation) {
        return Optional.ofNullable(ROWS.get(operation));
    }
}
