package io.stepstream.audit.whatif;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.records.Beginnings;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Started;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** The records of the executions of a state machine, sorted by execution: what does not fit into memory is on disk. */
final class RecordedStore {
    private static final Bytes PLACE = Bytes.wrap("what-if".getBytes(UTF_8));

    private final RecordCodec codec;
    private final SpillingRows rows;
    private final List<String> roots = new ArrayList<>();
    private long leftOut;

    RecordedStore(LogSource log, RowDisk disk, long memory) {
        this.codec = log.codec();
        this.rows = new SpillingRows(disk, memory);
    }

    /** A step as it was recorded. */
    record Stored(HistoryRecord record, byte[] bytes) {}

    /**
     * Takes the executions of a state machine that were started in a time, with those of its Maps' items.
     *
     * @param most how many executions to take: the first of each partition
     */
    void read(LogSource log, HistorySelection selection, int most) {
        var scan = new HistoryScan(log);
        var share = Math.ceilDiv(most, scan.partitions());
        log.partitions(LogTopic.HISTORY).forEach((partition, range) -> {
            var before = roots.size();
            var first = Beginnings.ofSteps(log, partition, selection.from());
            try (var reader = log.read(LogTopic.HISTORY, partition, first, range.end())) {
                scan.run(reader, _ -> true, entry -> {
                    if (selection.includesMachineOf(entry.record().getExecutionArn())) {
                        take(entry, selection, roots.size() - before < share);
                    }
                    return true;
                });
            }
        });
    }

    private void take(HistoryScan.Entry entry, HistorySelection selection, boolean room) {
        var record = entry.record();
        var id = entry.executionId();
        var steps = steps(id);
        if (steps == 0 && isRoot(record)) {
            if (!selection.includes(record.getNow())) {
                return;
            }
            if (!room) {
                leftOut++;
                return;
            }
            roots.add(record.getExecutionArn());
        } else if (steps == 0 && record.getStep() > 1) {
            // The rest of one that is not meant, or whose beginning is gone.
            return;
        }
        if (record.getStep() == steps + 1) {
            rows.put(
                    key(id, record.getStep()),
                    entry.stored().value().orElseThrow().get());
            rows.put(
                    key(id, 0),
                    ByteBuffer.allocate(Long.BYTES).putLong(record.getStep()).array());
        }
        if (rows.isFull()) {
            rows.spill(PLACE, new byte[0]);
        }
    }

    /** Whether a record begins an execution of its own, which is no item of a Map. */
    private static boolean isRoot(HistoryRecord record) {
        return record.getStep() == 1
                && record.getCommand() instanceof Started started
                && (started.getParent() == null || started.getParent().getMapState() == null);
    }

    /** ARNs of the executions that were taken. */
    List<String> roots() {
        return List.copyOf(roots);
    }

    /** How many more there were than were to be taken. */
    long leftOut() {
        return leftOut;
    }

    /** How many steps of an execution there are; 0 if it was not taken. */
    long steps(String executionId) {
        var count = rows.get(key(executionId, 0));
        return count == null ? 0 : ByteBuffer.wrap(count).getLong();
    }

    /** A step of an execution that was taken. */
    Optional<Stored> step(String executionId, long step) {
        var bytes = rows.get(key(executionId, step));
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Stored(codec.decode(bytes, HistoryRecord.class), bytes));
        } catch (Undecodable e) {
            throw new IllegalStateException("what was decoded before is not decoded again", e);
        }
    }

    private static Bytes key(String executionId, long step) {
        return Bytes.wrap(ByteBuffer.allocate(executionId.length() + Long.BYTES)
                .put(executionId.getBytes(UTF_8))
                .putLong(step)
                .array());
    }
}
