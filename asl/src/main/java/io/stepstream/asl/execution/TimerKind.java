package io.stepstream.asl.execution;

/** What a timer's coming may have to be weighed against. */
public enum TimerKind {
    /** A Wait state or a retry's backoff: fires as soon as it is due. */
    WAKE,
    /** A task's or an execution's deadline: fires only after everything that was appended before it has been read. */
    DEADLINE
}
