package io.stepstream.audit.verify;

import io.stepstream.schemas.avro.ExecutionStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * The last status that an execution's steps give: of each field a hash, so that a million of them, payloads and all, take little.
 *
 * @param hashes of the record's fields, in the schema's order
 */
record ExpectedStatus(long step, byte[] hashes) {
    private static final int HASH_BYTES = 8;

    static Bytes key(String executionId) {
        return AuditKeys.of(executionId, 's');
    }

    static ExpectedStatus of(ExecutionStatus status) {
        var fields = status.getSchema().getFields();
        var hashes = ByteBuffer.allocate(fields.size() * HASH_BYTES);
        for (var field : fields) {
            hashes.put(hash(String.valueOf(status.get(field.pos()))));
        }
        return new ExpectedStatus(status.getStep(), hashes.array());
    }

    static ExpectedStatus of(byte[] bytes) {
        return new ExpectedStatus(
                ByteBuffer.wrap(bytes).getLong(), Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(Long.BYTES + hashes.length)
                .putLong(step)
                .put(hashes)
                .array();
    }

    /** The fields in which a status differs from this. */
    List<String> differences(ExecutionStatus status) {
        var other = of(status).hashes;
        var differing = new ArrayList<String>();
        for (var field : status.getSchema().getFields()) {
            var from = field.pos() * HASH_BYTES;
            if (!Arrays.equals(hashes, from, from + HASH_BYTES, other, from, from + HASH_BYTES)) {
                differing.add(field.name());
            }
        }
        return differing;
    }

    private static byte[] hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
