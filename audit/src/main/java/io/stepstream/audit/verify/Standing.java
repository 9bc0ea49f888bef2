package io.stepstream.audit.verify;

import io.stepstream.audit.replay.Replayed.Obstacle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the audit knows of an execution beside its rows: the end of a chain whose steps are not run, and statuses that are not settled, its
 * steps' or the topic's, whichever were read first. Of an execution whose steps are run and whose statuses have been compared nothing is left.
 *
 * @param tail if its steps are not run any more
 * @param outline what its records told openly, of one with a tail
 * @param expected statuses that its steps made known and that were not found yet, in order
 * @param found statuses whose steps were not seen yet, in order; only one of the two lists has something in it
 */
record Standing(Optional<Tail> tail, Optional<Outline> outline, ExpectedStatus expected, List<Found> found) {
    static final Standing CLEAR = new Standing(Optional.empty(), Optional.empty(), ExpectedStatus.NONE, List.of());

    /**
     * A record of the topic of statuses.
     *
     * @param step that it says it is of; a tombstone takes the place of all before it
     * @param value absent in a tombstone
     */
    record Found(long offset, long step, Optional<byte[]> value) {
        static final long TOMBSTONE = Long.MAX_VALUE;

        boolean isTombstone() {
            return value.isEmpty();
        }

        private int size() {
            return 2 * Long.BYTES
                    + Integer.BYTES
                    + value.map(bytes -> bytes.length).orElse(0);
        }
    }

    Standing {
        found = List.copyOf(found);
    }

    Standing with(Tail end) {
        return new Standing(Optional.of(end), outline, expected, found);
    }

    Standing with(Outline told) {
        return new Standing(tail, Optional.of(told), expected, found);
    }

    Standing with(ExpectedStatus awaited, List<Found> early) {
        return new Standing(tail, outline, awaited, early);
    }

    Standing and(Found early) {
        var more = new ArrayList<>(found);
        more.add(early);
        return new Standing(tail, outline, expected, more);
    }

    /** Whether there is nothing to be kept. */
    boolean isClear() {
        return tail.isEmpty() && outline.isEmpty() && expected.given().isEmpty() && found.isEmpty();
    }

    /** Whether nobody can tell what its statuses should be. */
    boolean isUnknown() {
        return tail.filter(end -> end.why() == Obstacle.STATE_UNKNOWN).isPresent();
    }

    boolean isPurged() {
        return outline.filter(Outline::isPurged).isPresent();
    }

    static Standing of(byte[] bytes) {
        var from = ByteBuffer.wrap(bytes);
        var tail = part(from).map(Tail::of);
        var outline = part(from).map(Outline::of);
        var expected = part(from).map(ExpectedStatus::of).orElse(ExpectedStatus.NONE);
        var found = new ArrayList<Found>();
        while (from.hasRemaining()) {
            found.add(new Found(from.getLong(), from.getLong(), part(from)));
        }
        return new Standing(tail, outline, expected, found);
    }

    byte[] bytes() {
        var end = tail.map(Tail::bytes);
        var told = outline.map(Outline::bytes);
        var awaited = Optional.of(expected.bytes());
        var size = found.stream().mapToInt(Found::size).sum();
        for (var part : List.of(end, told, awaited)) {
            size += Integer.BYTES + part.map(bytes -> bytes.length).orElse(0);
        }
        var to = ByteBuffer.allocate(size);
        put(to, end);
        put(to, told);
        put(to, awaited);
        for (var early : found) {
            to.putLong(early.offset()).putLong(early.step());
            put(to, early.value());
        }
        return to.array();
    }

    private static Optional<byte[]> part(ByteBuffer from) {
        var length = from.getInt();
        if (length < 0) {
            return Optional.empty();
        }
        var bytes = new byte[length];
        from.get(bytes);
        return Optional.of(bytes);
    }

    private static void put(ByteBuffer to, Optional<byte[]> part) {
        part.ifPresentOrElse(bytes -> to.putInt(bytes.length).put(bytes), () -> to.putInt(-1));
    }
}
