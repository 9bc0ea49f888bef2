package io.stepstream.schemas;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Secrets by id, the last one current: how every file of keys is written. One key a line, {@code id:secret}, id from 0 to 255, secret 32 bytes in
 * base64url without padding; empty lines and lines that begin with {@code #} are skipped.
 *
 * @param current id of the current key, which is one of them
 */
record KeyFile(Map<Integer, byte[]> secrets, int current) {

    static final int SECRET_BYTES = 32;

    /** What the keys are for, in the words that messages and a new file need. */
    enum Kind {
        TOKEN("token", "Signs task tokens. Whoever has this can answer every task.", "no open task's token is good"),
        MASTER(
                "master",
                "Unlocks sealed payloads. Lost, they are lost: keep a copy, apart from Kafka's disks.",
                "nothing that was sealed can be read");

        private final String word;
        private final String comment;
        private final String loss;

        Kind(String word, String comment, String loss) {
            this.word = word;
            this.comment = comment;
            this.loss = loss;
        }
    }

    /** One new key, known to nobody else. */
    static KeyFile generate() {
        return new KeyFile(Map.of(1, newSecret()), 1);
    }

    /**
     * The keys in the file; if there is no file, makes one with a new key, readable by its owner only.
     *
     * @throws IllegalArgumentException if the file is no key file; the message says which line, and never a secret
     */
    static KeyFile loadOrCreate(Path file, Kind kind) throws IOException {
        if (!Files.exists(file)) {
            create(file, kind);
        }
        return parse(Files.readAllLines(file), file.toString(), kind);
    }

    /**
     * Keys from the lines of a key file.
     *
     * @param source where the lines are from, for messages
     * @throws IllegalArgumentException if a line is wrong, or there is no key
     */
    static KeyFile parse(List<String> lines, String source, Kind kind) {
        Map<Integer, byte[]> secrets = new LinkedHashMap<>();
        int current = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = "Line " + (i + 1) + " of the " + kind.word + " key file " + source;
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
            throw new IllegalArgumentException("The " + kind.word + " key file " + source
                    + " holds no key; restore it, or remove it to have a new key made (then " + kind.loss
                    + " any more)");
        }
        return new KeyFile(secrets, current);
    }

    /** The current key's secret. */
    byte[] currentSecret() {
        byte[] secret = secrets.get(current);
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

    private static void create(Path file, Kind kind) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        List<String> lines = List.of("# " + kind.comment, "1:" + TokenFormat.text(newSecret()));
        Files.createDirectories(folder);
        Path written = Files.createTempFile(
                folder,
                "." + kind.word + "-keys",
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

    static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return secrets.keySet() + ", current " + current;
    }
}
