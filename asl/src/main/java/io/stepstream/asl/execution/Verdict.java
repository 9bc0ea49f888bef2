package io.stepstream.asl.execution;

import java.time.Instant;

/** The engine's answer to a command that somebody waits for. */
public sealed interface Verdict {

    /** The command took effect. {@code at} is the time of the step; for a start, the execution's start date. */
    record Accepted(Instant at) implements Verdict {}

    /** The command changed nothing. */
    record Refused(Refusal reason, String message) implements Verdict {}

    /** Why a command is refused; the names are those of the AWS errors. */
    enum Refusal {
        TASK_TIMED_OUT,
        TASK_DOES_NOT_EXIST,
        INVALID_TOKEN,
        EXECUTION_ALREADY_EXISTS,
        EXECUTION_DOES_NOT_EXIST,
        EXECUTION_NOT_REDRIVABLE,
        /** AWS has none like it: an execution that has ended cannot be paused. */
        EXECUTION_NOT_RUNNING,
        RESOURCE_NOT_FOUND
    }
}
