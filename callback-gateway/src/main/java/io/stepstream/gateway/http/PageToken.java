package io.stepstream.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.TokenKeys;
import java.util.Base64;
import java.util.Optional;

/**
 * Page tokens of all operations, of both APIs: signed, so that nobody makes one up, and good only for the question that they were given out
 * for. A token names the last thing that was shown, never a count: what comes and goes meanwhile shifts nothing.
 */
public final class PageToken {
    private static final String VERSION = "1";

    private final TokenKeys keys;

    public PageToken(TokenKeys keys) {
        this.keys = keys;
    }

    /**
     * The token of the page behind a place.
     *
     * @param question the operation and all that its answer depends on, but for the size of pages
     */
    public String text(String question, String place) {
        var fields = String.join("\n", VERSION, question, place).getBytes(UTF_8);
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(fields) + "." + encoder.encodeToString(keys.signPage(fields));
    }

    /** The place that a request's token names; none without a token. */
    public Optional<String> place(Optional<String> token, String question) throws ApiException {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        var beginning = VERSION + "\n" + question + "\n";
        try {
            var parts = token.get().split("\\.", 2);
            var fields = decoded(parts[0]);
            var text = new String(fields, UTF_8);
            if (parts.length == 2 && keys.isPage(fields, decoded(parts[1])) && text.startsWith(beginning)) {
                return Optional.of(text.substring(beginning.length()));
            }
        } catch (IllegalArgumentException e) {
            // No base64: refused as any other text is that we have not signed.
        }
        throw new ApiException(ApiError.INVALID_TOKEN, "Invalid Token: 'Invalid token'");
    }

    /** The bytes of a text in the one form that we write: the last character of base64 has bits that say nothing. */
    private static byte[] decoded(String text) {
        var bytes = Base64.getUrlDecoder().decode(text);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not as it was written");
        }
        return bytes;
    }
}
