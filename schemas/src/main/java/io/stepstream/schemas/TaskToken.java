package io.stepstream.schemas;

/**
 * The public form of a ticket: names one wait of one execution. Its signed text, which {@link TokenKeys} makes, is a secret; this
 * is not.
 *
 * @param executionId 32 lower-case hexadecimal digits
 * @param ticket the wait's ticket, at least 0
 * @param binding 16 lower-case hexadecimal digits that tie the token to the step that minted it
 */
public record TaskToken(String executionId, long ticket, String binding) implements Authority {

    public TaskToken {
        if (!isHex(executionId, 32) || !isHex(binding, 16) || ticket < 0) {
            throw new IllegalArgumentException(
                    "A task token is of an executionId of 32 lower-case hexadecimal digits, a"
                            + " ticket of at least 0 and a binding of 16 such digits, not " + executionId + ", "
                            + ticket + ", "
                            + binding);
        }
    }

    @Override
    public TaskToken token() {
        return this;
    }

    private static boolean isHex(String text, int length) {
        return text.length() == length && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }
}
