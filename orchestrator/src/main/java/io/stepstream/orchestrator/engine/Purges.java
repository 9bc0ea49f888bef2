package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.orchestrator.rows.avro.PurgeMark;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.steps.HistoryRecords;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PurgeScope;
import io.stepstream.schemas.avro.Purged;
import io.stepstream.schemas.avro.PurgedBy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Destroys the data of closed executions: the key, and with it all that is sealed under it wherever it is; the rows; what the last status told. One
 * transaction, with the history record that says who had it done. Done again, it changes nothing and is accepted.
 */
final class Purges {

    /** Stands where a timer's ticket does: no wait ever has it. */
    private static final long NO_TICKET = Long.MAX_VALUE;

    private final EngineSettings settings;
    private final KeyValueStore<Bytes, byte[]> store;
    private final DataKeys keys;
    private final Timers timers;
    private final Outbox outbox;
    private final HistoryRecords history = new HistoryRecords();
    private final Supplier<Instant> wallClock;

    Purges(
            EngineSettings settings,
            KeyValueStore<Bytes, byte[]> store,
            DataKeys keys,
            Timers timers,
            Outbox outbox,
            Supplier<Instant> wallClock) {
        this.settings = settings;
        this.store = store;
        this.keys = keys;
        this.timers = timers;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    /** Purges an execution, or says why not. */
    void purge(PurgeExecution purge, Origin origin) throws NotYet {
        var arn = purge.getExecutionArn();
        var id = Arns.executionId(arn);
        var stored = new SealableRows(store, keys, id);
        var mark = Optional.ofNullable(store.get(RowKeys.purged(id))).map(OtherRows::purgeMark);
        var packed = packed(stored, id);
        if (packed.isEmpty()) {
            refuse(origin, arn, "EXECUTION_DOES_NOT_EXIST", "there is no such execution, or its retention is over");
        } else if (mark.isPresent() && isDone(mark.get(), purge)) {
            outbox.accepted(origin.caller(), arn, mark.get().getAt());
        } else if (packed.get().execution().ended().isEmpty()) {
            refuse(origin, arn, "EXECUTION_NOT_CLOSED", "it is running; stop it first");
        } else if (stored.key().isEmpty() && purge.getScope() == PurgeScope.KEY_AND_ROWS) {
            var reason = "it is not sealed: its payloads are in " + Topics.HISTORY
                    + " as they came, from which nothing can be deleted. What the engine keeps beside can be, by the scope ROWS_ONLY";
            refuse(origin, arn, "EXECUTION_NOT_SEALED", reason);
        } else {
            destroy(purge, id, packed.get(), origin);
        }
    }

    /** Deletes more rows of an execution that is purged already: if it was sealed, they are unreadable. */
    void goOn(String id, Instant now) {
        if (RowDeletion.leavesMore(store, id, RowKeys::isPurgeable)) {
            timers.start(new TimerKey(now.toEpochMilli(), id, NO_TICKET), Timers.Kind.PURGE);
        }
    }

    private static Optional<PackedExecution> packed(SealableRows stored, String id) throws NotYet {
        try {
            return Optional.ofNullable(stored.get(RowKeys.execution(id))).map(RowCodec::execution);
        } catch (SealableRows.Locked e) {
            throw e.missing();
        }
    }

    /** What was purged whole needs nothing more; what lost its rows only has no key to lose. */
    private static boolean isDone(PurgeMark mark, PurgeExecution purge) {
        return mark.getScope().equals(PurgeScope.KEY_AND_ROWS.name()) || purge.getScope() == PurgeScope.ROWS_ONLY;
    }

    private void refuse(Origin origin, String arn, String refusal, String reason) {
        outbox.refused(origin.caller(), arn, refusal, reason, wallClock.get());
    }

    private void destroy(PurgeExecution purge, String id, PackedExecution packed, Origin origin) {
        var now = Instant.ofEpochMilli(
                Math.max(wallClock.get().toEpochMilli(), packed.chain().at().toEpochMilli()));
        // A sealed execution's rows cannot outlive its key: asked for its rows only, it loses both.
        var scope = keys.destroy(id, now) ? PurgeScope.KEY_AND_ROWS : PurgeScope.ROWS_ONLY;
        var record = history.ofPurge(
                packed.execution().identity(),
                packed.chain(),
                origin.caller(),
                new PurgedBy(scope.name(), purge.getReason()),
                settings.limits(),
                now);
        var bytes = outbox.history(id, record);
        var chain = new Chain(record.getStep(), Hashes.sha256(bytes), now);
        store.put(RowKeys.execution(id), RowCodec.encode(whatIsLeft(packed, chain)));
        store.put(RowKeys.purged(id), OtherRows.encode(new PurgeMark(now, scope.name())));
        goOn(id, now);
        outbox.status(id, status(packed, chain, origin.caller()), now);
        outbox.accepted(origin.caller(), purge.getExecutionArn(), now);
    }

    /** Enough to answer late commands as those of any closed execution, and to keep its name taken. */
    private static PackedExecution whatIsLeft(PackedExecution packed, Chain chain) {
        var row = packed.execution();
        var bare = new ExecutionRow(
                row.identity(),
                "",
                row.started(),
                row.nextTicket(),
                row.nextEventId(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                row.ended(),
                Optional.empty());
        return new PackedExecution(bare, Optional.empty(), Optional.empty(), chain);
    }

    private static ExecutionStatus status(PackedExecution packed, Chain chain, Caller by) {
        var row = packed.execution();
        var identity = row.identity();
        var ended = row.ended().orElseThrow();
        var purged = new Payload(new Purged(chain.at(), by.getPrincipal()));
        return ExecutionStatus.newBuilder()
                .setExecutionArn(identity.arn())
                .setName(identity.name())
                .setStateMachineArn(identity.stateMachineArn())
                .setRevision(identity.revision())
                .setStatus(ended.status().name())
                .setStartDate(row.started())
                .setStopDate(ended.at())
                .setInput(purged)
                .setOutput(ended.status() == io.stepstream.asl.execution.ExecutionStatus.SUCCEEDED ? purged : null)
                .setStep(chain.step())
                .build();
    }
}
