package io.stepstream.audit.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;

/** Where the audit keeps what it needs beside an execution's rows; letters are lower case, those of rows are not. */
final class AuditKeys {
    private static final int ID_BYTES = 16;

    private AuditKeys() {}

    static Bytes of(String executionId, char letter) {
        return Bytes.wrap(ByteBuffer.allocate(ID_BYTES + 1)
                .put(HexFormat.of().parseHex(executionId))
                .put((byte) letter)
                .array());
    }

    /** What is about the run, and no execution. */
    static Bytes ofRun(String name) {
        return Bytes.wrap(("run " + name).getBytes(StandardCharsets.UTF_8));
    }
}
