package io.stepstream.schemas;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Takes task tokens and links out of what is shown. A token comes into history with the parameters of the task that it is for, and
 * from there wherever the workflow carries it.
 *
 * <p>Each begins with a version, a key id and the executionId, 18 bytes in all. As text those are 24 characters, of which the last 20 depend on
 * nothing but the executionId; the ticket that follows is small, so that the next five are {@code A}. No key is needed to find them.
 */
public final class Secrets {

    /** What is shown in a secret's place. */
    public static final String HIDDEN = "***";

    private static final int EXECUTION_ID_BYTES = 16;

    /** Four zero bytes of the ticket. */
    private static final String SMALL_TICKET = "AAAAA";

    /** The secrets of all executions: version 1 or 2 in front, and as much behind the ticket as a token has. */
    private static final Secrets ANY =
            new Secrets(SMALL_TICKET, "A[Q-Za-v][A-Za-z0-9_-]{22}" + SMALL_TICKET + "[A-Za-z0-9_-]{38,}");

    private final String mark;
    private final Pattern pattern;

    private Secrets(String mark, String pattern) {
        this.mark = mark;
        this.pattern = Pattern.compile(pattern);
    }

    /** The secrets of an execution, by its 32 hexadecimal digits. */
    public static Secrets of(String executionId) {
        var id = HexFormat.of().parseHex(executionId);
        var head = ByteBuffer.allocate(2 + EXECUTION_ID_BYTES).put(2, id).array();
        // The first three bytes make four characters of their own.
        var text = Base64.getUrlEncoder().encodeToString(Arrays.copyOfRange(head, 3, head.length));
        return new Secrets(text, "[A-Za-z0-9_-]{4}" + text + "[A-Za-z0-9_-]*");
    }

    /** The secrets of any execution, its parents' and children's too; of tickets below 2<sup>32</sup>, which are more than an execution has. */
    public static Secrets any() {
        return ANY;
    }

    /** The text with {@code ***} for each secret. */
    public String hide(String text) {
        return text.contains(mark) ? pattern.matcher(text).replaceAll(HIDDEN) : text;
    }
}
