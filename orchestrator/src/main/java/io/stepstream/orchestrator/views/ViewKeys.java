package io.stepstream.orchestrator.views;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys of the view stores: an executionId, then a number, big endian, so that an execution's rows lie in order. */
final class ViewKeys {

    private ViewKeys() {}

    /** The key of a number that is not negative. */
    static byte[] key(String executionId, long number) {
        var id = executionId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(id.length + Long.BYTES)
                .put(id)
                .putLong(number)
                .array();
    }

    /** The number in a key. */
    static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    }

    /** The key after every other key of this execution. */
    static byte[] last(String executionId) {
        return key(executionId, Long.MAX_VALUE);
    }
}
