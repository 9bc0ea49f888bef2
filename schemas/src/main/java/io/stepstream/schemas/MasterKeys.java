package io.stepstream.schemas;

import io.stepstream.schemas.avro.WrappedKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The secrets that executions' data keys are wrapped under, by id. The last one wraps, all unwrap: a key is rotated by appending a new one, and
 * may be dropped when nothing sealed in its time is to be read any more. In a file as {@link TokenKeys} are. Thread-safe.
 */
public final class MasterKeys {

    private final Optional<KeyFile> keys;

    private MasterKeys(Optional<KeyFile> keys) {
        this.keys = keys;
    }

    /** No keys: nothing can be sealed, and what is sealed cannot be read. */
    public static MasterKeys none() {
        return new MasterKeys(Optional.empty());
    }

    /** One new key, known to nobody else. */
    public static MasterKeys generate() {
        return new MasterKeys(Optional.of(KeyFile.generate()));
    }

    /**
     * The keys in the file; if there is no file, makes one with a new key, readable by its owner only.
     *
     * @throws IllegalArgumentException if the file is no key file; the message says which line, and never a secret
     */
    public static MasterKeys loadOrCreate(Path file) throws IOException {
        return new MasterKeys(Optional.of(KeyFile.loadOrCreate(file, KeyFile.Kind.MASTER)));
    }

    /**
     * Keys from the lines of a key file.
     *
     * @param source where the lines are from, for messages
     * @throws IllegalArgumentException if a line is wrong, or there is no key
     */
    public static MasterKeys parse(List<String> lines, String source) {
        return new MasterKeys(Optional.of(KeyFile.parse(lines, source, KeyFile.Kind.MASTER)));
    }

    /** Whether anything can be sealed. */
    public boolean canSeal() {
        return keys.isPresent();
    }

    /** The data key as it may be stored. */
    public WrappedKey wrap(ExecutionKey key) {
        KeyFile file = present();
        byte[] wrapped = AesGcm.seal(file.currentSecret(), place(key.executionId(), key.keyId()), key.secret());
        return new WrappedKey(key.keyId(), file.current(), ByteBuffer.wrap(wrapped));
    }

    /**
     * The data key that was wrapped.
     *
     * @throws MissingMasterKey if its master key is not one of these
     * @throws BrokenSeal if this was never wrapped for this execution
     */
    public ExecutionKey unwrap(String executionId, WrappedKey wrapped) throws MissingMasterKey {
        byte[] secret = AesGcm.open(
                secret(wrapped.getMasterKeyId(), "the key of execution " + executionId),
                place(executionId, wrapped.getKeyId()),
                bytes(wrapped.getWrapped()));
        return new ExecutionKey(executionId, wrapped.getKeyId(), secret);
    }

    /** Seals bytes of which it is not known yet whose they are: the id of the key in a byte, then as a data key seals. */
    public byte[] seal(String place, byte[] plain) {
        KeyFile file = present();
        byte[] sealed = AesGcm.seal(file.currentSecret(), place, plain);
        return ByteBuffer.allocate(1 + sealed.length)
                .put((byte) file.current())
                .put(sealed)
                .array();
    }

    /**
     * Opens what {@link #seal} has sealed for the same place.
     *
     * @throws MissingMasterKey if the master key is not one of these
     * @throws BrokenSeal if that is not what it is
     */
    public byte[] open(String place, byte[] sealed) throws MissingMasterKey {
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        int keyId = Byte.toUnsignedInt(rest.get());
        return AesGcm.open(secret(keyId, place), place, bytes(rest));
    }

    private byte[] secret(int keyId, String of) throws MissingMasterKey {
        byte[] secret = keys.map(KeyFile::secrets).orElse(Map.of()).get(keyId);
        if (secret == null) {
            throw new MissingMasterKey("master key " + keyId + ", which " + of
                    + " is sealed under; put it back into the file of master keys, before the last line");
        }
        return secret;
    }

    private KeyFile present() {
        return keys.orElseThrow(() -> new IllegalStateException("There is no master key to seal with"));
    }

    private static String place(String executionId, String keyId) {
        return "data key " + executionId + ' ' + keyId;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "MasterKeys" + keys.map(KeyFile::toString).orElse("[]");
    }
}
