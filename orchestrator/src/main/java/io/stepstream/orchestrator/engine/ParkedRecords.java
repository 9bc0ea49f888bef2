package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The records of one partition that came while something was out of reach that is needed to handle them, in order; see ADR 0003.
 * While there are any, every later record is put behind them.
 */
final class ParkedRecords {

    /** Handles a record, or says that it cannot yet. */
    interface Handling {
        void handle(Delivery delivery) throws NotYet;
    }

    private static final int PER_TICK = 200;
    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    private final KeyValueStore<Bytes, byte[]> store;
    private final KeptRows form;
    private final Handling handling;
    private final Readiness readiness;
    private final String part;
    private long first;
    private long next;
    private Instant notBefore = Instant.MIN;

    ParkedRecords(
            KeyValueStore<Bytes, byte[]> store, KeptRows form, Handling handling, Readiness readiness, int partition) {
        this.store = store;
        this.form = form;
        this.handling = handling;
        this.readiness = readiness;
        this.part = "partition " + partition;
        try (var rows = store.all()) {
            first = rows.hasNext() ? RowKeys.parked(rows.peekNextKey()) : 0;
        }
        try (var rows = store.reverseAll()) {
            next = rows.hasNext() ? RowKeys.parked(rows.peekNextKey()) + 1 : first;
        }
        readiness.clear(part);
    }

    /** Handles a record now, or behind those that wait. */
    void accept(Delivery delivery, Instant now) {
        if (first == next) {
            try {
                handling.handle(delivery);
                return;
            } catch (NotYet missing) {
                wait(missing, now);
            }
        }
        store.put(RowKeys.parked(next), form.encode(RowKeys.parked(next), delivery.kept(now, 0)));
        next++;
    }

    /** Handles what waits, as far as that can be done now; returns whether anything was. */
    boolean drain(Instant now) {
        // A clock that was set back does not make the pause longer than it was to be.
        var isPause = now.isBefore(notBefore) && !now.plus(AGAIN_AFTER).isBefore(notBefore);
        if (first == next || isPause) {
            return false;
        }
        var handled = 0;
        while (first < next && handled < PER_TICK) {
            var key = RowKeys.parked(first);
            var bytes = store.get(key);
            if (bytes == null) {
                throw new IllegalStateException(part + ": parked record " + first + " is missing from its store");
            }
            try {
                handling.handle(Delivery.of(form.decode(key, bytes)));
            } catch (NotYet missing) {
                wait(missing, now);
                return handled > 0;
            }
            RowDeletion.delete(store, key);
            first++;
            handled++;
        }
        if (first == next) {
            readiness.clear(part);
        }
        return true;
    }

    private void wait(NotYet missing, Instant now) {
        notBefore = now.plus(AGAIN_AFTER);
        readiness.obstructed(part, "records are parked until this is there: " + missing.getMessage());
    }
}
