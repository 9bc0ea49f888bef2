package io.stepstream.asl.execution;

/** How a task ended. */
public enum TaskOutcome {
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    /** Nobody needs the answer: a sibling failed, or the execution was stopped. */
    ABORTED
}
