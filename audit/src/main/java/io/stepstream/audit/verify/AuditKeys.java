package io.stepstream.audit.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where the audit keeps what it needs beside the executions' rows. Those begin with 16 bytes of a hash, so that none lies within a prefix of
 * twelve given ones.
 */
final class AuditKeys {
    private static final int ID_BYTES = 16;
    private static final byte[] STANDING = "standing".getBytes(StandardCharsets.UTF_8);

    private AuditKeys() {}

    /** Where an execution's {@link Standing} is. */
    static Bytes standing(int partition, String executionId) {
        return Bytes.wrap(ByteBuffer.allocate(STANDING.length + Integer.BYTES + ID_BYTES)
                .put(STANDING)
                .putInt(partition)
                .put(HexFormat.of().parseHex(executionId))
                .array());
    }

    /** What all of a partition begin with. */
    static Bytes standings(int partition) {
        return Bytes.wrap(ByteBuffer.allocate(STANDING.length + Integer.BYTES)
                .put(STANDING)
                .putInt(partition)
                .array());
    }

    /** The id of the execution that a standing is of. */
    static byte[] executionId(Bytes standing) {
        var key = standing.get();
        return Arrays.copyOfRange(key, key.length - ID_BYTES, key.length);
    }

    /** What is about the run, and no execution. */
    static Bytes ofRun(String name) {
        return Bytes.wrap(("run " + name).getBytes(StandardCharsets.UTF_8));
    }
}
