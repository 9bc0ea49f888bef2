package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.TimerKind;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The timers of one partition. What is in memory here is only about how far the store has been read, and is rebuilt by reading
 * it again.
 *
 * <p>A deadline does not fire when it is due, but when a barrier that was appended after it has been read back: an answer that
 * was appended before the deadline has then been read, even if the engine was behind or down.
 */
final class Timers {

    /** A timer's value in the store: what is to be done when it is due. */
    enum Kind {
        WAKE,
        DEADLINE,
        /** Try a postponed command again. */
        POSTPONED,
        /** Delete more rows of a purged execution. */
        PURGE,
        /** Wake more executions of a state machine that is no longer paused. */
        RESUME,
        /** Give more of those their turn that wait at a limit. */
        TURNS,
        /** Delete what an execution has kept for a redrive. */
        SWEEP
    }

    /** What the timers call upon. */
    interface Alarm {
        /** A timer has come. */
        void fire(TimerKey timer, Kind kind) throws NotYet;

        /** Deadlines are due: send a barrier through the topic of results. */
        void sendBarrier(long id, Instant now);
    }

    private static final int PER_TICK = 500;
    private static final int DEADLINES_HELD = 10_000;
    private static final Duration TIME_PER_TICK = Duration.ofMillis(50);
    private static final Duration BARRIER_LOST_AFTER = Duration.ofSeconds(5);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);
    private static final Duration BROKER_BEHIND_AT_MOST = Duration.ofSeconds(1);
    private static final Bytes BEGINNING = Bytes.wrap(new byte[0]);

    private final KeyValueStore<Bytes, byte[]> store;
    private final Alarm alarm;
    private final LongConsumer overdue;
    private final LongSupplier nanos;

    /** Everything before this has been read; what is not deleted of it is in {@link #dueDeadlines}. */
    private Bytes cursor = BEGINNING;
    /** There is nothing to read before this time. */
    private long nextDue = Long.MIN_VALUE;
    /** Deadlines that are due and wait for a barrier. */
    private final TreeSet<Bytes> dueDeadlines = new TreeSet<>();
    /** All that was appended before this time has been read. */
    private long readUpTo = Long.MIN_VALUE;

    private long othersNotBefore = Long.MIN_VALUE;

    private long deadlinesNotBefore = Long.MIN_VALUE;

    private long barrierId;
    private long barrierSentAt = Long.MIN_VALUE;
    private boolean barrierOutstanding;
    private long barrierNotBefore = Long.MIN_VALUE;

    /**
     * Timers of a store.
     *
     * @param overdue is told of each timer that fires how many milliseconds late it is
     */
    Timers(
            KeyValueStore<Bytes, byte[]> store,
            Alarm alarm,
            LongConsumer overdue,
            long firstBarrierId,
            LongSupplier nanos) {
        this.store = store;
        this.alarm = alarm;
        this.overdue = overdue;
        this.barrierId = firstBarrierId;
        this.nanos = nanos;
    }

    void start(String executionId, long ticket, Instant due, TimerKind kind) {
        start(
                new TimerKey(due.toEpochMilli(), executionId, ticket),
                switch (kind) {
                    case WAKE -> Kind.WAKE;
                    case DEADLINE -> Kind.DEADLINE;
                });
    }

    void start(TimerKey timer, Kind kind) {
        var key = RowKeys.timer(timer);
        store.put(key, new byte[] {(byte) kind.ordinal()});
        if (key.compareTo(cursor) < 0) {
            cursor = key;
        }
        nextDue = Math.min(nextDue, timer.dueMillis());
    }

    void cancel(String executionId, long ticket, Instant due) {
        var key = RowKeys.timer(new TimerKey(due.toEpochMilli(), executionId, ticket));
        RowDeletion.delete(store, key);
        dueDeadlines.remove(key);
    }

    /** A barrier has been read back, from the log's time given. */
    void barrierRead(long id, Instant appended, Instant now) {
        readUpTo = Math.max(readUpTo, appended.toEpochMilli());
        if (id == barrierId) {
            barrierOutstanding = false;
            if (!dueDeadlines.isEmpty()) {
                // The broker's clock may be behind ours: do not ask again before it can have passed the deadline.
                var behind = RowKeys.timer(dueDeadlines.first()).dueMillis() - readUpTo + 1;
                barrierNotBefore = now.toEpochMilli() + Math.clamp(behind, 0, BROKER_BEHIND_AT_MOST.toMillis());
            }
        }
    }

    /** Fires what is due, within a budget; returns whether anything was done. */
    boolean tick(Instant now) {
        if (now.toEpochMilli() < nextDue && dueDeadlines.isEmpty()) {
            return false;
        }
        var until = nanos.getAsLong() + TIME_PER_TICK.toNanos();
        var worked = fire(readDue(now), now, until);
        worked |= fireDeadlines(now, until);
        return sendBarrierIfNeeded(now) || worked;
    }

    private record Due(Bytes key, Kind kind) {}

    /** Reads on from the cursor: puts deadlines aside, returns the others. */
    private List<Due> readDue(Instant now) {
        var due = new ArrayList<Due>();
        if (now.toEpochMilli() < nextDue || isPause(othersNotBefore, AGAIN_AFTER, now)) {
            return due;
        }
        try (var rows = cursor.equals(BEGINNING) ? store.all() : store.range(cursor, null)) {
            nextDue = Long.MAX_VALUE;
            while (rows.hasNext()) {
                var row = rows.next();
                var dueAt = RowKeys.timer(row.key).dueMillis();
                if (dueAt > now.toEpochMilli() || due.size() == PER_TICK || dueDeadlines.size() == DEADLINES_HELD) {
                    nextDue = dueAt;
                    break;
                }
                var kind = Kind.values()[row.value[0]];
                switch (kind) {
                    case DEADLINE -> dueDeadlines.add(row.key);
                    case WAKE, POSTPONED, PURGE, RESUME, TURNS, SWEEP -> due.add(new Due(row.key, kind));
                }
                cursor = after(row.key);
            }
        }
        return due;
    }

    private boolean fire(List<Due> due, Instant now, long until) {
        var fired = 0;
        for (var timer : due) {
            var outOfTime = nanos.getAsLong() > until;
            if (outOfTime || !fire(timer.key(), timer.kind(), now)) {
                cursor = timer.key().compareTo(cursor) < 0 ? timer.key() : cursor;
                nextDue = Long.MIN_VALUE;
                othersNotBefore =
                        outOfTime ? Long.MIN_VALUE : now.plus(AGAIN_AFTER).toEpochMilli();
                break;
            }
            fired++;
        }
        return fired > 0;
    }

    private boolean fireDeadlines(Instant now, long until) {
        var fired = 0;
        while (!dueDeadlines.isEmpty()
                && RowKeys.timer(dueDeadlines.first()).dueMillis() < readUpTo
                && !isPause(deadlinesNotBefore, AGAIN_AFTER, now)
                && fired < PER_TICK
                && nanos.getAsLong() <= until) {
            var key = dueDeadlines.removeFirst();
            if (!fire(key, Kind.DEADLINE, now)) {
                dueDeadlines.add(key);
                deadlinesNotBefore = now.plus(AGAIN_AFTER).toEpochMilli();
                break;
            }
            fired++;
        }
        return fired > 0;
    }

    /** Deleted first: the step may set a timer for the same ticket and time again. */
    private boolean fire(Bytes key, Kind kind, Instant now) {
        var timer = RowKeys.timer(key);
        RowDeletion.delete(store, key);
        try {
            alarm.fire(timer, kind);
            overdue.accept(Math.max(0, now.toEpochMilli() - timer.dueMillis()));
            return true;
        } catch (NotYet e) {
            store.put(key, new byte[] {(byte) kind.ordinal()});
            return false;
        }
    }

    private boolean sendBarrierIfNeeded(Instant now) {
        var millis = now.toEpochMilli();
        var lost = barrierOutstanding && Math.abs(millis - barrierSentAt) > BARRIER_LOST_AFTER.toMillis();
        if (dueDeadlines.isEmpty()
                || barrierOutstanding && !lost
                || isPause(barrierNotBefore, BROKER_BEHIND_AT_MOST, now)
                || RowKeys.timer(dueDeadlines.first()).dueMillis() < readUpTo
                || RowKeys.timer(dueDeadlines.first()).dueMillis() >= millis) {
            return false;
        }
        barrierId++;
        barrierSentAt = millis;
        barrierOutstanding = true;
        alarm.sendBarrier(barrierId, now);
        return true;
    }

    /** Whether it is still too early; a clock that was set back does not make a pause longer than it was to be. */
    private static boolean isPause(long until, Duration atMost, Instant now) {
        var left = until - now.toEpochMilli();
        return left > 0 && left <= atMost.toMillis();
    }

    private static Bytes after(Bytes key) {
        return Bytes.wrap(Arrays.copyOf(key.get(), key.get().length + 1));
    }
}
