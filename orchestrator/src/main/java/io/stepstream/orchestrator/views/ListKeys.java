package io.stepstream.orchestrator.views;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Keys of the store of lists. A listed execution lies under its owner, the state machine or the Map run that it is of, the latest
 * start first. Where it lies is under its own id, and under its start too if it is a state machine's: a search of all of them goes
 * through these.
 */
final class ListKeys {
    private static final int ID_BYTES = 16;
    private static final byte LISTED = 'L';
    private static final byte STARTED = 'S';
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

    /** The key among the starts of all state machines under which it is where an execution lies. */
    static byte[] started(Position position) {
        return ByteBuffer.allocate(1 + Long.BYTES + ID_BYTES)
                .put(STARTED)
                .putLong(Long.MAX_VALUE - position.startMillis())
                .put(HexFormat.of().parseHex(position.executionId()))
                .array();
    }

    /** Where a place is in the list of an owner, or among all starts. */
    static byte[] at(Optional<String> owner, Position position) {
        return owner.map(id -> listed(id, position)).orElseGet(() -> started(position));
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

    /** The place that a key, of either kind, is of. */
    static Position position(byte[] key) {
        var buffer = ByteBuffer.wrap(key);
        buffer.position(key.length - Long.BYTES - ID_BYTES);
        var start = Long.MAX_VALUE - buffer.getLong();
        var id = new byte[ID_BYTES];
        buffer.get(id);
        return new Position(start, HexFormat.of().formatHex(id));
    }
}
