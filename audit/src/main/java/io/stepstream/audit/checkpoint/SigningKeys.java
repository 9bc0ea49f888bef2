package io.stepstream.audit.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Ed25519 keys in the PEM files that OpenSSL writes and reads, too. */
public final class SigningKeys {
    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private SigningKeys() {}

    /** The key that signs, with the name of the public key that checks it. */
    public record Signer(PrivateKey key, String keyId) {
        byte[] sign(byte[] statement) {
            try {
                var signature = Signature.getInstance(ALGORITHM);
                signature.initSign(key);
                signature.update(statement);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("an Ed25519 key that does not sign", e);
            }
        }
    }

    /** The key that checks. */
    public record Verifier(PublicKey key) {
        public String keyId() {
            return SigningKeys.keyId(key);
        }

        boolean isSigned(byte[] statement, byte[] signed) {
            try {
                var signature = Signature.getInstance(ALGORITHM);
                signature.initVerify(key);
                signature.update(statement);
                return signature.verify(signed);
            } catch (GeneralSecurityException e) {
                // What is no signature at all is thrown, not false.
                return false;
            }
        }
    }

    /**
     * Makes a pair of keys.
     *
     * @param name file of the private key; the public one, which its file holds too, gets {@code .pub} behind it
     * @throws FileAlreadyExistsException if either is there already
     */
    public static Verifier generate(Path name) throws IOException {
        try {
            var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            var publicPem = pem(PUBLIC, pair.getPublic().getEncoded());
            write(name, pem(PRIVATE, pair.getPrivate().getEncoded()) + publicPem, ownerOnly(name));
            write(publicFile(name), publicPem);
            return new Verifier(pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 15 and later have Ed25519", e);
        }
    }

    /** Where {@link #generate} puts the public key. */
    public static Path publicFile(Path name) {
        return name.resolveSibling(name.getFileName() + ".pub");
    }

    /** Reads a private key; its file must hold the public one as well. */
    public static Signer signer(Path file) throws IOException {
        try {
            var key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(read(file, PRIVATE)));
            return new Signer(key, verifier(file).keyId());
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no private Ed25519 key: make one by 'audit keygen'", e);
        }
    }

    /** Reads a public key. */
    public static Verifier verifier(Path file) throws IOException {
        try {
            return new Verifier(
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(read(file, PUBLIC))));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no public Ed25519 key: give the .pub file of 'audit keygen'", e);
        }
    }

    private static String keyId(PublicKey key) {
        return HexFormat.of().formatHex(PartitionDigest.sha256().digest(key.getEncoded()), 0, 8);
    }

    private static void write(Path file, String text, FileAttribute<?>... attributes) throws IOException {
        Files.createFile(file, attributes);
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String pem(String what, byte[] encoded) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    private static byte[] read(Path file, String what) throws IOException {
        var text = Files.readString(file, US_ASCII);
        var begin = text.indexOf("-----BEGIN " + what + "-----");
        var end = text.indexOf("-----END " + what + "-----");
        if (begin < 0 || end < begin) {
            throw new IOException(file + " holds no " + what + " in PEM form: make keys by 'audit keygen'");
        }
        var body = text.substring(text.indexOf('\n', begin), end);
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds a damaged " + what, e);
        }
    }
}
