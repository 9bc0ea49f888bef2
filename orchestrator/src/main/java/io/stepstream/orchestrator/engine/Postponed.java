package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.schemas.Topics;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Records that wait for a definition, for task topics or for other partitions: rows of their own, tried again by timer. */
final class Postponed {
    private static final int AT_ONCE = 100;

    private final KeyValueStore<Bytes, byte[]> store;
    private final KeptRows form;
    private final Timers timers;
    private final Supplier<Instant> wallClock;

    Postponed(KeyValueStore<Bytes, byte[]> store, KeptRows form, Timers timers, Supplier<Instant> wallClock) {
        this.store = store;
        this.form = form;
        this.timers = timers;
        this.wallClock = wallClock;
    }

    /** Has a record tried again. {@code id}: of the execution or resource that it is about. */
    void add(Delivery delivery, String id, Attempt attempt) {
        var due = wallClock.get().plus(attempt.delay());
        var next = attempt.next();
        var number = number(delivery);
        var row = RowKeys.postponed(id, number);
        store.put(row, form.encode(row, delivery.kept(next.since(), next.number())));
        timers.start(new TimerKey(due.toEpochMilli(), id, number), Timers.Kind.POSTPONED);
    }

    /** Has records about this execution or resource tried again now; should they be very many, the others' own timers come too. */
    void hasten(String id, Instant now) {
        try (var rows = store.prefixScan(RowKeys.allPostponed(id), new BytesSerializer())) {
            for (var i = 0; i < AT_ONCE && rows.hasNext(); i++) {
                var offset = RowKeys.postponedOffset(rows.next().key);
                timers.start(new TimerKey(now.toEpochMilli(), id, offset), Timers.Kind.POSTPONED);
            }
        }
    }

    /** A record whose timer has come; another timer of it may have come before. */
    void again(TimerKey timer, Retry retry) throws NotYet {
        var key = RowKeys.postponed(timer.id(), timer.ticket());
        var bytes = store.delete(key);
        if (bytes == null) {
            return;
        }
        try {
            var kept = form.decode(key, bytes);
            retry.accept(Delivery.of(kept), new Attempt(kept.getAttempts(), kept.getKeptAt()));
        } catch (NotYet missing) {
            store.put(key, bytes);
            throw missing;
        }
    }

    /** Takes a record that was postponed. */
    @FunctionalInterface
    interface Retry {
        void accept(Delivery delivery, Attempt attempt) throws NotYet;
    }

    /** Tells apart the records of two topics that have the same offset. */
    private static long number(Delivery delivery) {
        return delivery.topic().equals(Topics.INTERNAL) ? -1 - delivery.offset() : delivery.offset();
    }
}
