package io.stepstream.orchestrator.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids of spans, from what they are about: nobody has to keep them, and a step that is made again gives the same. Fixed here, since a span's
 * parent may have got its id from another version.
 */
final class SpanIds {
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private SpanIds() {}

    /** Of a trace that an execution begins: another one for an execution that has the same name after years. */
    static String trace(String executionId, byte[] command) {
        return hex(TRACE_BYTES, (executionId + " trace ").getBytes(UTF_8), command);
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
        return hex(SPAN_BYTES, text.getBytes(UTF_8));
    }

    private static String hex(int bytes, byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
