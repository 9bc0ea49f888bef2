package io.stepstream.orchestrator.steps;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** The hashes that make a step reproducible and its tokens worthless outside it. */
public final class Hashes {
    private static final int REVISION_DIGITS = 32;

    private Hashes() {}

    /** Hex SHA-256. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest(bytes));
    }

    /** Hex SHA-256 of a text's UTF-8 bytes. */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a revision of a state machine is named by. The definition's length keeps texts that only together are the same apart. */
    public static String revision(String definition, String roleArn, String configuration) {
        return sha256(definition.length() + " " + definition + roleArn + " " + configuration)
                .substring(0, REVISION_DIGITS);
    }

    /**
     * What a step's tokens are bound to: a token out of an aborted transaction fits nothing, because its step is run again at
     * another time.
     */
    static String binding(String previousHash, byte[] command, Instant now) {
        var bytes = digest(
                HexFormat.of().parseHex(previousHash),
                command,
                ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array());
        return HexFormat.of().formatHex(bytes, 0, Long.BYTES);
    }

    /** The source of a step's random numbers. */
    public static long seed(String executionId, long step, String binding) {
        return ByteBuffer.wrap(digest((executionId + ' ' + step + ' ' + binding).getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    private static byte[] digest(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
