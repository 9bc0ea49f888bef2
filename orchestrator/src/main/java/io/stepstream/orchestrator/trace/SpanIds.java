package io.stepstream.orchestrator.trace;

import io.stepstream.orchestrator.steps.Hashes;

/**
 * Ids of spans, from what they are about: nobody has to keep them, and a step that is made again gives the same. Fixed here, since a span's
 * parent may have got its id from another version.
 */
final class SpanIds {
    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;

    private SpanIds() {}

    /** Of a trace that an execution begins: another one for an execution that has the same name after years. */
    static String trace(String executionId, byte[] command) {
        return Hashes.sha256(executionId + " trace " + Hashes.sha256(command)).substring(0, TRACE_DIGITS);
    }

    /** Of an execution, from its start or its n-th redrive to its end. */
    static String execution(String executionId, int redrives) {
        return span(executionId + " execution " + redrives);
    }

    /** Of a state, from its entry or the execution's n-th redrive to its exit. */
    static String state(String executionId, long enteredEventId, int redrives) {
        return span(executionId + " state " + enteredEventId + ' ' + redrives);
    }

    /** Of what waits under a ticket. */
    static String ticket(String executionId, long ticket) {
        return span(executionId + " ticket " + ticket);
    }

    private static String span(String text) {
        return Hashes.sha256(text).substring(0, SPAN_DIGITS);
    }
}
