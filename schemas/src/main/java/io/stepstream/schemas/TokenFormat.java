package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.Caveats.Decision;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The bytes of tokens and links, before base64url without padding. Numbers are big-endian.
 *
 * <pre>
 * token: 1 | key id 1 | executionId 16 | ticket 8 | binding 8 | MAC 16
 * link:  2 | key id 1 | executionId 16 | ticket 8 | binding 8 | decision 1 | expires 8 | approver's length 1 | approver | MAC 16
 * </pre>
 *
 * A token's MAC is HMAC-SHA256 under its key over all before it, cut to 16 bytes. A link's MAC is the same under the token's MAC
 * as key: so whoever holds a token makes links without asking, and a link leads to no token. Expires is in epoch milliseconds,
 * or {@code Long.MIN_VALUE} for never.
 */
final class TokenFormat {

    static final byte TOKEN = 1;
    static final byte LINK = 2;
    static final int MAC_BYTES = 16;

    /** Version, key id, executionId, ticket, binding. */
    static final int FIELDS_BYTES = 1 + 1 + 16 + 8 + 8;

    static final int TOKEN_BYTES = FIELDS_BYTES + MAC_BYTES;

    private static final int MIN_LINK_BYTES = FIELDS_BYTES + 1 + 8 + 1 + MAC_BYTES;
    private static final int MAX_TEXT = 4 * (MIN_LINK_BYTES + Caveats.MAX_APPROVER_BYTES + 2) / 3;
    private static final long NEVER = Long.MIN_VALUE;

    private TokenFormat() {}

    static byte[] fields(byte version, int keyId, TaskToken token) {
        return ByteBuffer.allocate(FIELDS_BYTES)
                .put(version)
                .put((byte) keyId)
                .put(HexFormat.of().parseHex(token.executionId()))
                .putLong(token.ticket())
                .put(HexFormat.of().parseHex(token.binding()))
                .array();
    }

    /** The task that these bytes, of a token or a link, name. */
    static TaskToken token(byte[] bytes) throws InvalidToken {
        long ticket = ByteBuffer.wrap(bytes).getLong(18);
        if (ticket < 0) {
            throw new InvalidToken("Its ticket is negative");
        }
        HexFormat hex = HexFormat.of();
        return new TaskToken(hex.formatHex(bytes, 2, 18), ticket, hex.formatHex(bytes, 26, 34));
    }

    static byte[] link(byte[] token, Caveats caveats) {
        byte[] approver = caveats.approver().orElse("").getBytes(UTF_8);
        byte[] body = ByteBuffer.allocate(MIN_LINK_BYTES - MAC_BYTES + approver.length)
                .put(token, 0, FIELDS_BYTES)
                .put(0, LINK)
                .put(decisionByte(caveats.decision()))
                .putLong(caveats.expires().map(Instant::toEpochMilli).orElse(NEVER))
                .put((byte) approver.length)
                .put(approver)
                .array();
        return append(body, mac(macOf(token), body));
    }

    /** The caveats of a link whose MAC has been verified. */
    static Caveats caveats(byte[] link) throws InvalidToken {
        ByteBuffer in = ByteBuffer.wrap(link, FIELDS_BYTES, link.length - FIELDS_BYTES - MAC_BYTES);
        Decision decision = switch (in.get()) {
            case 1 -> Decision.APPROVED;
            case 2 -> Decision.DENIED;
            default -> throw new InvalidToken("The link's decision is neither 1 nor 2");
        };
        long expires = in.getLong();
        int length = Byte.toUnsignedInt(in.get());
        if (in.remaining() != length) {
            throw new InvalidToken("The link's length is wrong");
        }
        try {
            String approver = UTF_8.newDecoder().decode(in).toString();
            return new Caveats(
                    decision,
                    expires == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires)),
                    approver.isEmpty() ? Optional.empty() : Optional.of(approver));
        } catch (CharacterCodingException e) {
            throw new InvalidToken("The link's approver is not UTF-8");
        }
    }

    /** The bytes of a token's or a link's text: of a known version, and long enough for it. */
    static byte[] bytes(String text) throws InvalidToken {
        if (text.length() > MAX_TEXT) {
            throw new InvalidToken("It is too long: " + text.length() + " characters");
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidToken("It is not base64url");
        }
        // The decoder drops the last character's spare bits: without this, several texts would be one token.
        if (!text(bytes).equals(text)) {
            throw new InvalidToken("It is not base64url without padding");
        }
        int version = bytes.length == 0 ? -1 : bytes[0];
        boolean complete = switch (version) {
            case TOKEN -> bytes.length == TOKEN_BYTES;
            case LINK -> bytes.length >= MIN_LINK_BYTES;
            default -> throw new InvalidToken("Its version is unknown");
        };
        if (!complete) {
            throw new InvalidToken("It is cut off, or has something appended");
        }
        return bytes;
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] macOf(byte[] bytes) {
        return Arrays.copyOfRange(bytes, bytes.length - MAC_BYTES, bytes.length);
    }

    static byte[] unsigned(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - MAC_BYTES);
    }

    static byte[] append(byte[] body, byte[] mac) {
        return ByteBuffer.allocate(body.length + mac.length).put(body).put(mac).array();
    }

    /** HMAC-SHA256, cut to 16 bytes. */
    static byte[] mac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Arrays.copyOf(mac.doFinal(message), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static byte decisionByte(Decision decision) {
        return switch (decision) {
            case APPROVED -> 1;
            case DENIED -> 2;
        };
    }
}
