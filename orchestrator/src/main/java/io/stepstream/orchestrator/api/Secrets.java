package io.stepstream.orchestrator.api;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Takes an execution's task tokens and links out of what is shown of it. A token comes into history with the parameters of
 * the task that it is for, and from there wherever the workflow carries it.
 *
 * <p>Each begins with a version, a key id and the executionId, 18 bytes in all. As text those are 24 characters, of which
 * the last 20 depend on nothing but the executionId: no key is needed to find them.
 */
final class Secrets {

    private static final int EXECUTION_ID_BYTES = 16;

    private final String mark;
    private final Pattern pattern;

    private Secrets(String mark) {
        this.mark = mark;
        this.pattern = Pattern.compile("[A-Za-z0-9_-]{4}" + mark + "[A-Za-z0-9_-]*");
    }

    /** The secrets of an execution, by its 32 hexadecimal digits. */
    static Secrets of(String executionId) {
        var id = HexFormat.of().parseHex(executionId);
        var head = ByteBuffer.allocate(2 + EXECUTION_ID_BYTES).put(2, id).array();
        // The first three bytes make four characters of their own.
        var text = Base64.getUrlEncoder().encodeToString(Arrays.copyOfRange(head, 3, head.length));
        return new Secrets(text);
    }

    /** The text with {@code ***} for each secret. */
    String hide(String text) {
        return text.contains(mark) ? pattern.matcher(text).replaceAll("***") : text;
    }
}
