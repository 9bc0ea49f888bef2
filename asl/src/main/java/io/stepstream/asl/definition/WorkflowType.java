package io.stepstream.asl.definition;

/** The type of a state machine; an EXPRESS one may not wait for outside work. */
public enum WorkflowType {
    STANDARD,
    EXPRESS
}
