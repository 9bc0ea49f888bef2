package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The secrets that sign task tokens, by id. The last one signs; all verify, so a key is rotated by appending a new one and
 * dropping the old when no task of its time is open. Thread-safe.
 *
 * <p>In a file: one key a line, {@code id:secret}, id from 0 to 255, secret 32 bytes in base64url without padding; empty lines and
 * lines that begin with {@code #} are skipped; the last key is the current one.
 */
public final class TokenKeys {

    private static final int SECRET_BYTES = 32;

    /** Begins what barriers are signed over, so that it is never also a token's bytes, which begin with a version. */
    private static final byte[] BARRIER = "barrier".getBytes(UTF_8);

    private final Map<Integer, byte[]> secrets;
    private final int current;

    private TokenKeys(Map<Integer, byte[]> secrets, int current) {
        this.secrets = secrets;
        this.current = current;
    }

    /** One new key, known to nobody else. */
    public static TokenKeys generate() {
        return new TokenKeys(Map.of(1, newSecret()), 1);
    }

    /**
     * The keys in the file; if there is no file, makes one with a new key, readable by its owner only.
     *
     * @throws IllegalArgumentException if the file is no key file; the message says which line, and never a secret
     */
    public static TokenKeys loadOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        return parse(Files.readAllLines(file), file.toString());
    }

    /**
     * Keys from the lines of a key file.
     *
     * @param source where the lines are from, for messages
     * @throws IllegalArgumentException if a line is wrong, or there is no key
     */
    public static TokenKeys parse(List<String> lines, String source) {
        Map<Integer, byte[]> secrets = new LinkedHashMap<>();
        int current = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = "Line " + (i + 1) + " of the token key file " + source;
            String[] parts = line.split(":", 2);
            if (parts.length != 2 || !parts[0].matches("[0-9]{1,3}") || Integer.parseInt(parts[0]) > 255) {
                throw new IllegalArgumentException(where + " is not of the form id:secret with an id from 0 to 255");
            }
            current = Integer.parseInt(parts[0]);
            if (secrets.put(current, secret(parts[1], where)) != null) {
                throw new IllegalArgumentException(
                        where + " gives key " + current + " a second time; ids are never reused");
            }
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException(
                    "The token key file " + source
                            + " holds no key; restore it, or remove it to have a new key made (then no open task's token is good any more)");
        }
        return new TokenKeys(secrets, current);
    }

    /** The token's text, signed with the current key. A secret. */
    public String sign(TaskToken token) {
        byte[] fields = TokenFormat.fields(TokenFormat.TOKEN, current, token);
        return TokenFormat.text(TokenFormat.append(fields, TokenFormat.mac(secret(current), fields)));
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
        byte[] secret = secrets.get(keyId);
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
        return TokenFormat.mac(secret(current), barrier(partition, id));
    }

    /** Whether one of these keys has signed this barrier. */
    public boolean isBarrier(int partition, long id, byte[] mac) {
        byte[] message = barrier(partition, id);
        return secrets.values().stream()
                .anyMatch(secret -> MessageDigest.isEqual(TokenFormat.mac(secret, message), mac));
    }

    @Override
    public String toString() {
        return "TokenKeys" + secrets.keySet() + ", current " + current;
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

    private byte[] secret(int keyId) {
        byte[] secret = secrets.get(keyId);
        if (secret == null) {
            throw new IllegalStateException("The current key is one of the keys");
        }
        return secret;
    }

    private static byte[] secret(String text, String where) {
        byte[] secret;
        try {
            secret = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // The cause would show a part of the secret.
            throw new IllegalArgumentException(where + " has a secret that is not base64url");
        }
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    where + " has a secret of " + secret.length + " bytes; it takes " + SECRET_BYTES);
        }
        return secret;
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        List<String> lines = new ArrayList<>(List.of("# Signs task tokens. Whoever has this can answer every task."));
        lines.add("1:" + TokenFormat.text(newSecret()));
        Files.createDirectories(folder);
        Path written = Files.createTempFile(
                folder,
                ".token-keys",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(written, lines);
            // A link, not a move: if two processes start at once, both must end with the same key.
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Files.delete(written);
        }
    }

    private static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }
}
