package io.stepstream.asl.execution;

import java.time.Duration;
import java.time.Instant;

/**
 * The limits that the interpreter keeps, each configurable. Those that a step can yield at only shape the steps; the others
 * are errors of the language.
 *
 * @param transitionsPerStep states a step enters before it yields
 * @param outputBytesPerStep encoded rows and effects after which a step yields
 * @param childrenPerStep children entered, joined or aborted before a step yields: the K of the cost rule
 * @param payloadBytes largest payload, in UTF-8 bytes; beyond it {@code States.DataLimitExceeded}
 * @param historyEvents most events of one execution; beyond it the execution fails as AWS's does
 * @param nesting deepest frame
 * @param assignedBytes most that one Assign may assign, all its variables together; beyond it {@code States.DataLimitExceeded}
 * @param variablesBytes most that the variables of one scope may hold together; beyond it {@code States.DataLimitExceeded}
 * @param expressSeconds longest that an execution of an EXPRESS state machine may last; then it times out
 * @param mapConcurrency children of one Map run that run at once, whatever its MaxConcurrency says
 * @param inlineConcurrency iterations of an inline Map state that run at once at most
 * @param redriveDays how long after its end an execution that did not end well can be redriven
 */
public record Limits(
        int transitionsPerStep,
        int outputBytesPerStep,
        int childrenPerStep,
        int payloadBytes,
        int historyEvents,
        int nesting,
        int assignedBytes,
        int variablesBytes,
        int expressSeconds,
        int mapConcurrency,
        int inlineConcurrency,
        int redriveDays) {

    /**
     * AWS's limits where AWS has one. AWS lets all variables of an execution hold 10 MiB; here they lie in the row of their scope, which
     * has to fit a record.
     */
    public static final Limits DEFAULT = new Limits(100, 512 * 1024, 16, 256 * 1024, 25_000, 16);

    /** These limits, and the default ones for variables, EXPRESS executions, Map states and redrives. */
    public Limits(
            int transitionsPerStep,
            int outputBytesPerStep,
            int childrenPerStep,
            int payloadBytes,
            int historyEvents,
            int nesting) {
        this(
                transitionsPerStep,
                outputBytesPerStep,
                childrenPerStep,
                payloadBytes,
                historyEvents,
                nesting,
                256 * 1024,
                1024 * 1024,
                300,
                1000,
                40,
                14);
    }

    /** Until when an execution can be redriven that did not end well then. */
    public Instant redrivableUntil(Instant end) {
        return end.plus(Duration.ofDays(redriveDays));
    }

    /** These limits for a step that does what it is for, and nothing of what earlier ones have left to do. */
    public Limits withoutWork() {
        return new Limits(
                0,
                outputBytesPerStep,
                childrenPerStep,
                payloadBytes,
                historyEvents,
                nesting,
                assignedBytes,
                variablesBytes,
                expressSeconds,
                mapConcurrency,
                inlineConcurrency,
                redriveDays);
    }
}
