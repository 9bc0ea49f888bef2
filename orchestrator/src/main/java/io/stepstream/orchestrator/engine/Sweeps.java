package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Deletes what executions that did not end well have kept for a redrive, once there can be none. To every step those rows are gone by then
 * (ADR 0045): when they are deleted makes no difference to the history.
 */
final class Sweeps {

    /** Stands where a timer's ticket does: no wait ever has it. */
    private static final long NO_TICKET = Long.MAX_VALUE - 1;

    /** How long a sealed execution is left alone whose master key is not here. */
    private static final Duration LOCKED = Duration.ofDays(1);

    private final Limits limits;
    private final KeyValueStore<Bytes, byte[]> store;
    private final DataKeys keys;
    private final Timers timers;

    Sweeps(Limits limits, KeyValueStore<Bytes, byte[]> store, DataKeys keys, Timers timers) {
        this.limits = limits;
        this.store = store;
        this.keys = keys;
        this.timers = timers;
    }

    /** When an execution is to be swept that has ended so. */
    static TimerKey timer(String id, Instant end, Limits limits) {
        var over = limits.redrivableUntil(end).plusMillis(1);
        return new TimerKey(over.toEpochMilli(), id, NO_TICKET);
    }

    /** Sweeps an execution, or begins to; leaves it alone if it goes on again, or if it is too early. */
    void sweep(String id, Instant now) {
        var stored = new SealableRows(store, keys, id);
        try {
            var packed = Optional.ofNullable(stored.get(RowKeys.execution(id))).map(RowCodec::execution);
            if (packed.isPresent()) {
                sweep(id, packed.get(), stored, now);
            }
        } catch (SealableRows.Locked e) {
            start(new TimerKey(now.plus(LOCKED).toEpochMilli(), id, NO_TICKET));
        }
    }

    private void sweep(String id, PackedExecution packed, SealableRows stored, Instant now) {
        var end = packed.execution().ended().filter(how -> how.status() != ExecutionStatus.SUCCEEDED);
        if (end.isEmpty()) {
            // Redriven: another timer comes with its next end.
            return;
        }
        var due = timer(id, end.get().at(), limits);
        if (due.dueMillis() > now.toEpochMilli()) {
            start(due);
            return;
        }
        // No step that follows may be earlier than this, and find rows that are not there any more.
        var chain = packed.chain();
        var at = chain.at().isAfter(now) ? chain.at() : now;
        stored.put(
                RowKeys.execution(id),
                RowCodec.encode(new PackedExecution(
                        packed.execution(),
                        Optional.empty(),
                        Optional.empty(),
                        new Chain(chain.step(), chain.hash(), at),
                        Optional.empty(),
                        packed.trace())));
        if (RowDeletion.leavesMore(store, id, RowKeys::isForARedrive)) {
            start(new TimerKey(now.toEpochMilli(), id, NO_TICKET));
        }
    }

    private void start(TimerKey timer) {
        timers.start(timer, Timers.Kind.SWEEP);
    }
}
