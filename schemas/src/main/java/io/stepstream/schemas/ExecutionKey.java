package io.stepstream.schemas;

import java.util.HexFormat;

/** The data key of one execution: what is kept of it is sealed under this key, and gone when this is destroyed. Immutable. */
public final class ExecutionKey {

    private static final int ID_BYTES = 8;

    private final String executionId;
    private final String keyId;
    private final byte[] secret;

    ExecutionKey(String executionId, String keyId, byte[] secret) {
        this.executionId = executionId;
        this.keyId = keyId;
        this.secret = secret;
    }

    /** A new random key. */
    public static ExecutionKey generate(String executionId) {
        String keyId = HexFormat.of().formatHex(KeyFile.newSecret(), 0, ID_BYTES);
        return new ExecutionKey(executionId, keyId, KeyFile.newSecret());
    }

    public String executionId() {
        return executionId;
    }

    /** Names this key: an execution of the same ARN, started again when the first is forgotten, has another. */
    public String keyId() {
        return keyId;
    }

    byte[] secret() {
        return secret;
    }

    /**
     * Seals bytes.
     *
     * @param place what they belong to within the execution: they open nowhere else
     */
    public byte[] seal(String place, byte[] plain) {
        return AesGcm.seal(secret, bound(place), plain);
    }

    /**
     * Opens what {@link #seal} has sealed for the same place.
     *
     * @throws BrokenSeal if that is not what it is
     */
    public byte[] open(String place, byte[] sealed) {
        return AesGcm.open(secret, bound(place), sealed);
    }

    private String bound(String place) {
        return executionId + ' ' + keyId + ' ' + place;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ExecutionKey[" + executionId + ", " + keyId + "]";
    }
}
