package io.stepstream.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.LogRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A running digest over all records of a partition: each one's SHA-256 over the digest before it, offset, timestamp, key, SHA-256 of the
 * value, and headers, with lengths where they vary. A record that is changed, added, removed or moved changes every digest after it.
 */
public final class PartitionDigest {
    private static final byte[] BEGINNING = sha256().digest("stepstream partition digest 1".getBytes(UTF_8));
    private static final int ABSENT = -1;

    private final MessageDigest sha256 = sha256();
    private byte[] value;
    private long records;

    /** The digest over nothing. */
    public PartitionDigest() {
        this(BEGINNING, 0);
    }

    /** A digest that was had before. */
    public PartitionDigest(byte[] value, long records) {
        this.value = value.clone();
        this.records = records;
    }

    /** Adds the next record. */
    public void add(LogRecord record) {
        add(record, record.value().map(bytes -> sha256().digest(bytes.get())).orElseGet(() -> new byte[0]));
    }

    /** Adds the next record, whose value's SHA-256 is known; none if it has no value. */
    public void add(LogRecord record, byte[] valueHash) {
        sha256.update(value);
        sha256.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(record.offset())
                .putLong(record.timestamp())
                .flip());
        update(record.key().map(bytes -> bytes.get()));
        update(Optional.of(valueHash));
        for (var header : record.headers()) {
            update(Optional.of(header.name().getBytes(UTF_8)));
            update(header.value().map(bytes -> bytes.get()));
        }
        value = sha256.digest();
        records++;
    }

    private void update(Optional<byte[]> part) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(part.map(bytes -> bytes.length).orElse(ABSENT))
                .flip());
        part.ifPresent(sha256::update);
    }

    public byte[] value() {
        return value.clone();
    }

    /** How many records it is over. */
    public long records() {
        return records;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
