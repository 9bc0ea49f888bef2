package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.avro.LimitRow;
import java.util.OptionalInt;

/**
 * A limit at its home, or what is left of one.
 *
 * @param key a state machine's ARN, or a task name's key
 * @param max how many may have a turn at once
 * @param running how many have
 * @param queued how many wait for theirs
 * @param first no place in the queue before this one is taken
 * @param next the place of the next one that has to wait
 */
record Limit(String key, OptionalInt max, int running, int queued, long first, long next) {

    /** None. */
    static Limit none(String key) {
        return new Limit(key, OptionalInt.empty(), 0, 0, 0, 0);
    }

    static Limit of(LimitRow row) {
        var max = row.getMax();
        return new Limit(
                row.getLimit(),
                max == null ? OptionalInt.empty() : OptionalInt.of(max),
                row.getRunning(),
                row.getQueued(),
                row.getFirst(),
                row.getNext());
    }

    LimitRow row() {
        return new LimitRow(key, max.isPresent() ? max.getAsInt() : null, running, queued, first, next);
    }

    /** Whether there is nothing to be known of it. */
    boolean isOver() {
        return max.isEmpty() && running == 0 && queued == 0;
    }

    /** How many of the queue can have their turn. */
    int room() {
        return Math.min(queued, free());
    }

    /** Whether one that asks now need not wait: nobody is before it. */
    boolean isOpen() {
        return queued == 0 && free() > 0;
    }

    private int free() {
        return max.isPresent() ? Math.max(0, max.getAsInt() - running) : Integer.MAX_VALUE;
    }

    Limit with(OptionalInt other) {
        return new Limit(key, other, running, queued, first, next);
    }

    /** One begins that has not waited. */
    Limit begun() {
        return new Limit(key, max, running + 1, queued, first, next);
    }

    /** One has to wait, at {@link #next}. */
    Limit waiting() {
        return new Limit(key, max, running, queued + 1, queued == 0 ? next : first, next + 1);
    }

    /** It is the turn of the first that waits. */
    Limit turnOf(long place) {
        return new Limit(key, max, running + 1, queued - 1, place + 1, next);
    }

    /** One that had its turn is over. */
    Limit ended() {
        return new Limit(key, max, running - 1, queued, first, next);
    }

    /** One is over that still waited. */
    Limit givenUp() {
        return new Limit(key, max, running, queued - 1, first, next);
    }
}
