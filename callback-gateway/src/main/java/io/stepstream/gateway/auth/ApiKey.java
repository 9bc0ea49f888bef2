package io.stepstream.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key of the native API: {@code ssk_<id>_<secret>}. The secret has 256 random bits, so that a plain SHA-256 of it is as good
 * as a slow hash: there is nothing to guess.
 *
 * @param id 8 hexadecimal digits by which the key is found, and named in the credentials file
 */
public record ApiKey(String id, String secret) {

    private static final Pattern FORM = Pattern.compile("ssk_([0-9a-f]{8})_([A-Za-z0-9_-]{43})");

    /** A new key, known to nobody else. */
    public static ApiKey generate() {
        var random = new SecureRandom();
        var id = new byte[4];
        var secret = new byte[32];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new ApiKey(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** The key of this text, if it has the form of one. */
    static Optional<ApiKey> parse(String text) {
        var found = FORM.matcher(text);
        return found.matches() ? Optional.of(new ApiKey(found.group(1), found.group(2))) : Optional.empty();
    }

    /** What its owner sends. A secret. */
    public String text() {
        return "ssk_" + id + "_" + secret;
    }

    /** What the credentials file has of it: SHA-256 of its text, as 64 hexadecimal digits. */
    public String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
