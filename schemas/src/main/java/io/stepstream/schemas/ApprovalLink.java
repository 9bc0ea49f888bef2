package io.stepstream.schemas;

/**
 * The narrower form of a task token that is put into a mail: its holder may make one decision, if the caveats allow.
 *
 * @param token the task that it decides
 * @param caveats what it is narrowed to
 */
public record ApprovalLink(TaskToken token, Caveats caveats) implements Authority {

    /**
     * The text of a link made from a task token's text. It takes no key and no call: whoever holds the token can do it.
     *
     * @throws IllegalArgumentException if the text has not the form of a task token; whether it is genuine shows when the link is used
     */
    public static String make(String token, Caveats caveats) {
        byte[] bytes;
        try {
            bytes = TokenFormat.bytes(token);
        } catch (InvalidToken e) {
            throw new IllegalArgumentException(
                    "A link is made from a task token, and this is none: " + e.getMessage(), e);
        }
        if (bytes[0] != TokenFormat.TOKEN) {
            throw new IllegalArgumentException("A link is made from a task token, and this is a link");
        }
        return TokenFormat.text(TokenFormat.link(bytes, caveats));
    }
}
