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
 * @param kind how it was started
 */
public record ExecutionIdentity(
        String arn,
        String name,
        String stateMachineArn,
        String stateMachineName,
        String roleArn,
        String revision,
        Kind kind) {

    /** What an execution is started as, which the type of its state machine and the call decide. */
    public enum Kind {
        STANDARD,
        EXPRESS,
        /** An EXPRESS execution whose caller waits for its end; it can never be redriven, and its context object says nothing of that. */
        EXPRESS_SYNC
    }

    /** An execution of a STANDARD state machine. */
    public ExecutionIdentity(
            String arn, String name, String stateMachineArn, String stateMachineName, String roleArn, String revision) {
        this(arn, name, stateMachineArn, stateMachineName, roleArn, revision, Kind.STANDARD);
    }

    /** The same execution, started as something else. */
    ExecutionIdentity as(Kind other) {
        return new ExecutionIdentity(arn, name, stateMachineArn, stateMachineName, roleArn, revision, other);
    }
}
