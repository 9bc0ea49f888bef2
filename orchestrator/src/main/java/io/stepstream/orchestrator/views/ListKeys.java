package io.stepstream.orchestrator.views;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Keys of the store of lists. A listed execution lies under its owner, the state machine or the Map run that it is of, the latest
 * start first; beside that, under its own id, is where it lies.
 */
final class ListKeys {
    private static final int ID_BYTES = 16;
    private static final byte LISTED = 'L';
    private static final byte PLACE = 'P';

    private ListKeys() {}

    /** Where an execution lies in its owner's list; both are ids. */
    static byte[] listed(String owner, Position position) {
        return ByteBuffer.allocate(1 + ID_BYTES + Long.BYTES + ID_BYTES)
                .put(LISTED)
                .put(HexFormat.of().parseHex(owner))
                .putLong(Long.MAX_VALUE - position.startMillis())
                .put(HexFormat.of().parseHex(position.executionId()))
                .array();
    }

    /** The last key that a list can have. */
    static byte[] lastOf(String owner) {
        return listed(owner, new Position(0, "f".repeat(2 * ID_BYTES)));
    }

    /** The first one. */
    static byte[] firstOf(String owner) {
        return listed(owner, Position.FIRST);
    }

    /** Whether a key is a place in a list. */
    static boolean isListed(byte[] key) {
        return key[0] == LISTED;
    }

    /** The key under which an execution's place is. */
    static byte[] place(String executionId) {
        return ByteBuffer.allocate(1 + ID_BYTES)
                .put(PLACE)
                .put(HexFormat.of().parseHex(executionId))
                .array();
    }

    /** The place that a key is of. */
    static Position position(byte[] listed) {
        var buffer = ByteBuffer.wrap(listed);
        buffer.position(1 + ID_BYTES);
        var start = Long.MAX_VALUE - buffer.getLong();
        var id = new byte[ID_BYTES];
        buffer.get(id);
        return new Position(start, HexFormat.of().formatHex(id));
    }
}
