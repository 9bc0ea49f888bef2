package io.stepstream.asl.execution;

import java.util.Optional;

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
 * @param version the version that it was started by, if it was
 */
public record ExecutionIdentity(
        String arn,
        String name,
        String stateMachineArn,
        String stateMachineName,
        String roleArn,
        String revision,
        Kind kind,
        Optional<Version> version) {

    /**
     * A version of a state machine.
     *
     * @param arn its ARN
     * @param aliasArn the alias that chose it
     */
    public record Version(String arn, Optional<String> aliasArn) {}

    /** What an execution is started as, which the type of its state machine and the call decide. */
    public enum Kind {
        STANDARD,
        EXPRESS,
        /** An EXPRESS execution whose caller waits for its end; it can never be redriven, and its context object says nothing of that. */
        EXPRESS_SYNC
    }

    /** An execution that was started by no version. */
    public ExecutionIdentity(
            String arn,
            String name,
            String stateMachineArn,
            String stateMachineName,
            String roleArn,
            String revision,
            Kind kind) {
        this(arn, name, stateMachineArn, stateMachineName, roleArn, revision, kind, Optional.empty());
    }

    /** An execution of a STANDARD state machine. */
    public ExecutionIdentity(
            String arn, String name, String stateMachineArn, String stateMachineName, String roleArn, String revision) {
        this(arn, name, stateMachineArn, stateMachineName, roleArn, revision, Kind.STANDARD);
    }

    /** The same execution, started as something else. */
    ExecutionIdentity as(Kind other) {
        return new ExecutionIdentity(arn, name, stateMachineArn, stateMachineName, roleArn, revision, other, version);
    }
}
