package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.orchestrator.rows.avro.HeldExecution;
import io.stepstream.orchestrator.rows.avro.PauseMark;
import io.stepstream.schemas.Arns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Which state machines this partition knows to be paused, and the executions here that wait for the end of it. The state machine's own row is
 * in one partition; the others are told by {@code internal}, in the order of its changes (ADR 0051).
 */
final class PausedStateMachines {
    /** Executions woken at once; the next as many come with the next tick. */
    static final int AT_ONCE = 100;

    /** State machines whose pauses are remembered, so that a step need not read for it. */
    private static final int KNOWN = 10_000;

    /** Stands where a timer's ticket does: no wait of a resource has one. */
    private static final long NO_TICKET = Long.MAX_VALUE;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Timers timers;
    private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > KNOWN;
        }
    };

    /** How far the executions of a state machine have been woken: before it there are only deleted rows. */
    private final Map<String, Bytes> woken = new HashMap<>();

    PausedStateMachines(KeyValueStore<Bytes, byte[]> store, Timers timers) {
        this.store = store;
        this.timers = timers;
    }

    boolean isPaused(String stateMachineArn) {
        return known.computeIfAbsent(
                stateMachineArn,
                arn -> mark(Arns.executionId(arn)).filter(PauseMark::getPaused).isPresent());
    }

    private Optional<PauseMark> mark(String machineId) {
        return Optional.ofNullable(store.get(RowKeys.pauseMark(machineId))).map(OtherRows::pauseMark);
    }

    /** Has an execution wait for the end of the pause, under a ticket; one that it had before is forgotten. */
    void hold(String stateMachineArn, String executionId, long ticket) {
        store.put(
                RowKeys.held(Arns.executionId(stateMachineArn), executionId),
                OtherRows.encode(new HeldExecution(ticket)));
    }

    /** The state machine has been paused, if nothing later is known. */
    void paused(String stateMachineArn, long sequence) {
        changed(stateMachineArn, new PauseMark(true, sequence));
    }

    /** The state machine goes on, if nothing later is known: executions that wait are woken, some at a time. */
    void resumed(String stateMachineArn, long sequence, Instant now) {
        if (changed(stateMachineArn, new PauseMark(false, sequence))) {
            goOn(Arns.executionId(stateMachineArn), now);
        }
    }

    private boolean changed(String stateMachineArn, PauseMark mark) {
        var id = Arns.executionId(stateMachineArn);
        if (mark(id).filter(last -> last.getSequence() >= mark.getSequence()).isPresent()) {
            return false;
        }
        store.put(RowKeys.pauseMark(id), OtherRows.encode(mark));
        known.put(stateMachineArn, mark.getPaused());
        woken.remove(id);
        return true;
    }

    private void goOn(String machineId, Instant now) {
        timers.start(new TimerKey(now.toEpochMilli(), machineId, NO_TICKET), Timers.Kind.RESUME);
    }

    /** Lets an execution go on. */
    @FunctionalInterface
    interface Waking {
        void wake(String executionId, long ticket) throws NotYet;
    }

    private record Held(Bytes key, long ticket) {}

    /**
     * Wakes the next executions of a state machine, unless it is paused again.
     *
     * @throws NotYet if one of them cannot be woken yet: it is asked again, when the timer that brought us here comes again
     */
    void wake(String machineId, Instant now, Waking waking) throws NotYet {
        if (mark(machineId).filter(PauseMark::getPaused).isPresent()) {
            return;
        }
        var next = next(machineId);
        Optional<NotYet> missing = Optional.empty();
        for (var held : next) {
            try {
                waking.wake(RowKeys.heldExecution(held.key()), held.ticket());
                RowDeletion.delete(store, held.key());
            } catch (NotYet e) {
                missing = Optional.of(e);
            }
        }
        if (missing.isPresent()) {
            throw missing.get();
        }
        if (next.size() == AT_ONCE) {
            woken.put(machineId, next.getLast().key());
            goOn(machineId, now);
        } else {
            woken.remove(machineId);
        }
    }

    private List<Held> next(String machineId) {
        var next = new ArrayList<Held>();
        var all = RowKeys.allHeld(machineId);
        var first = Optional.ofNullable(woken.get(machineId)).orElse(all);
        try (var rows = store.range(first, RowKeys.behindHeld(machineId))) {
            while (rows.hasNext() && next.size() < AT_ONCE) {
                var row = rows.next();
                if (row.key.get().length > all.get().length) {
                    next.add(new Held(row.key, OtherRows.held(row.value).getTicket()));
                }
            }
        }
        return next;
    }
}
