package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.metrics.LimitStandings;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.orchestrator.rows.avro.QueuedTurn;
import io.stepstream.orchestrator.rows.avro.TurnRow;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitAnnounced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The limits whose home is this partition: who has a turn, and who waits for it, in the order in which they have asked. Each that asks ends
 * once, whatever becomes of the limit meanwhile; so the counts are those of its rows (ADR 0052).
 */
final class LimitHomes {
    /** Those that wait and have their turn at once, when a limit is raised or removed; the next as many come with the next tick. */
    static final int AT_ONCE = 100;

    /** Limits of one home. */
    static final int MOST = 1_000;

    /** Stands where a timer's ticket does: not that of a resume, which may be of the same state machine. */
    private static final long NO_TICKET = Long.MAX_VALUE - 1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final TurnRows form;
    private final Timers timers;
    private final Outbox outbox;
    private final int partitions;
    private final LimitStandings.Home shown;
    private final Map<String, Limit> limits = new HashMap<>();

    LimitHomes(
            KeyValueStore<Bytes, byte[]> store,
            TurnRows form,
            Timers timers,
            Outbox outbox,
            int partitions,
            LimitStandings.Home shown) {
        this.store = store;
        this.form = form;
        this.timers = timers;
        this.outbox = outbox;
        this.partitions = partitions;
        this.shown = shown;
        try (var rows = store.prefixScan(RowKeys.allLimits(), new BytesSerializer())) {
            rows.forEachRemaining(row -> {
                var limit = Limit.of(OtherRows.limit(row.value));
                limits.put(Arns.executionId(limit.key()), limit);
                show(limit);
            });
        }
    }

    /** What becomes of the wish to have a limit. */
    enum Outcome {
        SET,
        /** There are {@link #MOST} already. */
        TOO_MANY
    }

    /** Sets a limit, or removes it. */
    Outcome set(String key, OptionalInt max, Instant now) {
        var id = Arns.executionId(key);
        var before = limits.getOrDefault(id, Limit.none(key));
        if (max.isPresent() && before.isOver() && limits.size() >= MOST) {
            return Outcome.TOO_MANY;
        }
        var limit = before.with(max);
        save(id, limit);
        if (max.isPresent() != before.max().isPresent()) {
            var news = new Internal(new LimitAnnounced(key, max.isPresent()));
            for (var partition = 0; partition < partitions; partition++) {
                outbox.tell(key, partition, news, now);
            }
        }
        if (limit.room() > 0) {
            goOnLater(id, now);
        }
        return Outcome.SET;
    }

    /**
     * One asks: it has its turn, or waits behind all that have asked before.
     *
     * @throws NotYet if it cannot be kept: nothing has changed
     */
    void asked(AskForTurn asked, Instant now) throws NotYet {
        var id = Arns.executionId(asked.getLimit());
        var key = RowKeys.turn(id, asked.getExecutionId(), asked.getTicket());
        if (store.get(key) != null) {
            return;
        }
        // What asks of a limit that has just been removed is counted all the same: it will end.
        var limit = limits.getOrDefault(id, Limit.none(asked.getLimit()));
        var turn = outbox.turn(asked);
        if (limit.isOpen()) {
            store.put(key, OtherRows.encode(new TurnRow(null)));
            save(id, limit.begun());
            outbox.send(limit.key(), turn, now);
        } else {
            var place = RowKeys.queued(id, limit.next());
            store.put(place, form.encode(place, turn));
            store.put(key, OtherRows.encode(new TurnRow(limit.next())));
            save(id, limit.waiting());
        }
    }

    /** One that has asked is over; the next has its turn, if there is room for it now. */
    void ended(EndTurn ended, Instant now) {
        var id = Arns.executionId(ended.getLimit());
        ended(id, RowKeys.turn(id, ended.getExecutionId(), ended.getTicket()), now);
    }

    /** An execution is over that could not say what it has asked for. */
    void endedAll(String executionId, Instant now) {
        for (var id : List.copyOf(limits.keySet())) {
            var turns = new ArrayList<Bytes>();
            try (var rows = store.prefixScan(RowKeys.turnsOf(id, executionId), new BytesSerializer())) {
                rows.forEachRemaining(row -> turns.add(row.key));
            }
            turns.forEach(turn -> ended(id, turn, now));
        }
    }

    private void ended(String id, Bytes key, Instant now) {
        var limit = limits.get(id);
        var turn = store.delete(key);
        if (limit == null || turn == null) {
            return;
        }
        var place = OtherRows.turn(turn).getPlace();
        if (place != null) {
            RowDeletion.delete(store, RowKeys.queued(id, place));
            save(id, limit.givenUp());
            return;
        }
        save(id, limit.ended());
        try {
            goOn(id, 1, now);
        } catch (NotYet e) {
            goOnLater(id, now);
        }
    }

    /**
     * Gives their turn to those that wait, as far as there is room.
     *
     * @throws NotYet if one of them cannot be read yet: it is asked again, when the timer that brought us here comes again
     */
    void goOn(String id, Instant now) throws NotYet {
        goOn(id, AT_ONCE, now);
        if (Optional.ofNullable(limits.get(id))
                .filter(limit -> limit.room() > 0)
                .isPresent()) {
            goOnLater(id, now);
        }
    }

    private record Waiting(Bytes place, QueuedTurn turn) {}

    private void goOn(String id, int most, Instant now) throws NotYet {
        var limit = limits.get(id);
        if (limit == null) {
            return;
        }
        for (var next : next(id, limit, Math.min(most, limit.room()))) {
            var turn = next.turn();
            RowDeletion.delete(store, next.place());
            store.put(RowKeys.turn(id, turn.getExecutionId(), turn.getTicket()), OtherRows.encode(new TurnRow(null)));
            limit = limit.turnOf(RowKeys.place(next.place()));
            outbox.send(limit.key(), turn, now);
        }
        save(id, limit);
    }

    private List<Waiting> next(String id, Limit limit, int count) throws NotYet {
        var next = new ArrayList<Waiting>();
        if (count > 0) {
            try (var rows = store.range(RowKeys.queued(id, limit.first()), RowKeys.queued(id, limit.next()))) {
                while (next.size() < count && rows.hasNext()) {
                    var row = rows.next();
                    next.add(new Waiting(row.key, form.decode(row.key, row.value)));
                }
            }
        }
        return next;
    }

    private void goOnLater(String id, Instant now) {
        timers.start(new TimerKey(now.toEpochMilli(), id, NO_TICKET), Timers.Kind.TURNS);
    }

    private void save(String id, Limit limit) {
        if (limit.isOver()) {
            limits.remove(id);
            RowDeletion.delete(store, RowKeys.limit(id));
        } else {
            limits.put(id, limit);
            store.put(RowKeys.limit(id), OtherRows.encode(limit.row()));
        }
        show(limit);
    }

    private void show(Limit limit) {
        shown.stands(new LimitStandings.Standing(limit.key(), limit.max(), limit.running(), limit.queued()));
    }
}
