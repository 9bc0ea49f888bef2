package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The secrets that sign task tokens, by id. The last one signs; all verify, so a key is rotated by appending a new one and
 * dropping the old when no task of its time is open. Thread-safe.
 *
 * <p>In a file: one key a line, {@code id:secret}, id from 0 to 255, secret 32 bytes in base64url without padding; empty lines and
 * lines that begin with {@code #} are skipped; the last key is the current one.
 */
public final class TokenKeys {

    /** Begins what page tokens are signed over. */
    private static final byte[] PAGE = "page".getBytes(UTF_8);

    /** Begins what barriers are signed over, so that it is never also a token's bytes, which begin with a version. */
    private static final byte[] BARRIER = "barrier".getBytes(UTF_8);

    private final KeyFile keys;

    private TokenKeys(KeyFile keys) {
        this.keys = keys;
    }

    /** One new key, known to nobody else. */
    public static TokenKeys generate() {
        return new TokenKeys(KeyFile.generate());
    }

    /**
     * The keys in the file; if there is no file, makes one with a new key, readable by its owner only.
     *
     * @throws IllegalArgumentException if the file is no key file; the message says which line, and never a secret
     */
    public static TokenKeys loadOrCreate(Path file) throws IOException {
        return new TokenKeys(KeyFile.loadOrCreate(file, KeyFile.Kind.TOKEN));
    }

    /**
     * Keys from the lines of a key file.
     *
     * @param source where the lines are from, for messages
     * @throws IllegalArgumentException if a line is wrong, or there is no key
     */
    public static TokenKeys parse(List<String> lines, String source) {
        return new TokenKeys(KeyFile.parse(lines, source, KeyFile.Kind.TOKEN));
    }

    /** The token's text, signed with the current key. A secret. */
    public String sign(TaskToken token) {
        byte[] fields = TokenFormat.fields(TokenFormat.TOKEN, keys.current(), token);
        return TokenFormat.text(TokenFormat.append(fields, TokenFormat.mac(keys.currentSecret(), fields)));
    }

    /** What a token's text names, if one of these keys has signed it. */
    public TaskToken verify(String text) throws InvalidToken {
        return switch (verifyAny(text)) {
            case TaskToken token -> token;
            case ApprovalLink link -> throw new InvalidToken("It is an approval link, not a task token");
        };
    }

    /** What a link's text allows, if it was made from a token that one of these keys has signed. Says nothing of its expiry. */
    public ApprovalLink verifyLink(String text) throws InvalidToken {
        return switch (verifyAny(text)) {
            case ApprovalLink link -> link;
            case TaskToken token -> throw new InvalidToken("It is a task token, not an approval link");
        };
    }

    /** What a text allows that may be a token or a link. */
    public Authority verifyAny(String text) throws InvalidToken {
        byte[] bytes = TokenFormat.bytes(text);
        int keyId = Byte.toUnsignedInt(bytes[1]);
        byte[] secret = keys.secrets().get(keyId);
        if (secret == null) {
            throw new InvalidToken("It is signed with a key that is not, or no more, in use here: " + keyId);
        }
        boolean link = bytes[0] == TokenFormat.LINK;
        byte[] mac = link ? linkMac(secret, bytes) : TokenFormat.mac(secret, TokenFormat.unsigned(bytes));
        if (!MessageDigest.isEqual(mac, TokenFormat.macOf(bytes))) {
            throw new InvalidToken("Its signature is wrong");
        }
        TaskToken token = TokenFormat.token(bytes);
        return link ? new ApprovalLink(token, TokenFormat.caveats(bytes)) : token;
    }

    /** What proves that the engine has made the barrier with this id in this partition of task-results. */
    public byte[] signBarrier(int partition, long id) {
        return TokenFormat.mac(keys.currentSecret(), barrier(partition, id));
    }

    /** Whether one of these keys has signed this barrier. */
    public boolean isBarrier(int partition, long id, byte[] mac) {
        byte[] message = barrier(partition, id);
        return keys.secrets().values().stream()
                .anyMatch(secret -> MessageDigest.isEqual(TokenFormat.mac(secret, message), mac));
    }

    /** What proves that a gateway has given out a page token with these fields. */
    public byte[] signPage(byte[] fields) {
        return TokenFormat.mac(keys.currentSecret(), TokenFormat.append(PAGE, fields));
    }

    /** Whether one of these keys has signed a page token with these fields. */
    public boolean isPage(byte[] fields, byte[] mac) {
        byte[] message = TokenFormat.append(PAGE, fields);
        return keys.secrets().values().stream()
                .anyMatch(secret -> MessageDigest.isEqual(TokenFormat.mac(secret, message), mac));
    }

    @Override
    public String toString() {
        return "TokenKeys" + keys;
    }

    private static byte[] linkMac(byte[] secret, byte[] link) {
        byte[] fields = Arrays.copyOf(link, TokenFormat.FIELDS_BYTES);
        fields[0] = TokenFormat.TOKEN;
        return TokenFormat.mac(TokenFormat.mac(secret, fields), TokenFormat.unsigned(link));
    }

    private static byte[] barrier(int partition, long id) {
        return ByteBuffer.allocate(BARRIER.length + 4 + 8)
                .put(BARRIER)
                .putInt(partition)
                .putLong(id)
                .array();
    }
}
