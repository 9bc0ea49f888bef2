package io.stepstream.asl.execution;

/**
 * Who an execution is; fixed at its start.
 *
 * @param arn the execution's ARN
 * @param name its name, unique within its state machine
 * @param stateMachineArn the state machine it was started from
 * @param stateMachineName that state machine's name
 * @param roleArn the role given with the state machine, shown as {@code $$.Execution.RoleArn}
 * @param revision hash of the definition that it keeps to its end
 */
public record ExecutionIdentity(
        String arn, String name, String stateMachineArn, String stateMachineName, String roleArn, String revision) {}
