package io.stepstream.asl.execution;

/** The status of an execution, by AWS's names. */
public enum ExecutionStatus {
    RUNNING,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    ABORTED
}
