package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM: nonce 12 | ciphertext | tag 16. Nonces are random, never derived: a step of an aborted transaction is made again with
 * the same number and perhaps other text. At 2^32 sealings under one key a repeat has a chance of 2^-33 (NIST SP 800-38D, 8.3).
 */
final class AesGcm {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AesGcm() {}

    /** @param place what the bytes belong to: opened elsewhere, they do not open */
    static byte[] seal(byte[] secret, String place, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + plain.length + TAG_BYTES);
        try {
            int written = cipher(Cipher.ENCRYPT_MODE, secret, nonce, place)
                    .doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            if (written != plain.length + TAG_BYTES) {
                throw new IllegalStateException("AES-GCM wrote " + written + " bytes for " + plain.length);
            }
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
        }
    }

    /** @throws BrokenSeal if it was sealed with another key, for another place, or changed since */
    static byte[] open(byte[] secret, String place, byte[] sealed) {
        if (sealed.length < NONCE_BYTES + TAG_BYTES) {
            throw new BrokenSeal(place + ": " + sealed.length + " bytes are too few to be sealed ones");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, secret, nonce, place)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new BrokenSeal(place + ": sealed with another key, for another place, or changed since");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
        }
    }

    private static Cipher cipher(int mode, byte[] secret, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(place.getBytes(UTF_8));
        return cipher;
    }
}
