package io.stepstream.asl.execution;

/** Which definition a child execution runs. */
public sealed interface ChildMachine {

    /** Whatever revision of this state machine is current where the child starts. */
    record Current(String stateMachineArn) implements ChildMachine {}

    /** The revision that its parent keeps. */
    record SameAsParent(String stateMachineArn, String stateMachineName, String roleArn, String revision)
            implements ChildMachine {}
}
