package io.stepstream.asl.execution;

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
 */
public record Limits(
        int transitionsPerStep,
        int outputBytesPerStep,
        int childrenPerStep,
        int payloadBytes,
        int historyEvents,
        int nesting) {

    /** AWS's limits where AWS has one. */
    public static final Limits DEFAULT = new Limits(100, 512 * 1024, 16, 256 * 1024, 25_000, 16);
}
