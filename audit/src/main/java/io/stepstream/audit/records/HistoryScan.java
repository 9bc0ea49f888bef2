package io.stepstream.audit.records;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.replay.StoredKeys;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Goes through the history of a log once, partition by partition, one record in memory at a time. What is damaged is passed over, and
 * told of afterwards.
 */
public final class HistoryScan {
    private static final int DAMAGE_KEPT = 20;
    private static final long KEY_MEMORY = 16L << 20;

    private final LogSource log;
    private final Optional<MasterKeys> opening;
    private final RecordCodec codec;
    private final List<Damage> damage = new ArrayList<>();
    private long damaged;

    /** A history record, and where it was read. */
    public record Entry(LogRecord stored, HistoryRecord record) {

        /** The executionId: the record's key. */
        public String executionId() {
            return stored.keyText();
        }
    }

    /** What is done with each record. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes a record; true for more of them. */
        boolean visit(Entry entry);
    }

    /** Something that is there and cannot be read. */
    public record Damage(int partition, long offset, String why) {}

    /** Of the records as they are stored. */
    public HistoryScan(LogSource log) {
        this(log, Optional.empty());
    }

    /**
     * Of the records opened, as far as their keys come with the log and these can unwrap them.
     *
     * @param opening none of them is opened if it is absent; with no keys in it, it is yet told what was purged
     */
    public HistoryScan(LogSource log, Optional<MasterKeys> opening) {
        this.log = log;
        this.opening = opening;
        this.codec = log.codec();
    }

    /**
     * How many partitions the history has.
     *
     * @throws UnreadableLog if there is no history
     */
    public int partitions() {
        var partitions = log.partitions(LogTopic.HISTORY).size();
        if (partitions == 0) {
            throw new UnreadableLog(log.name() + " has no topic " + LogTopic.HISTORY.topic() + ": is it Stepstream's?");
        }
        return partitions;
    }

    /** Goes through all partitions, from the first step that is meant. */
    public void run(HistorySelection selection, Visitor visitor) {
        partitions();
        log.partitions(LogTopic.HISTORY).forEach((partition, range) -> {
            var first = Beginnings.ofSteps(log, partition, selection.from());
            run(partition, new OffsetRange(first, range.end()), selection, visitor);
        });
    }

    /** Goes through all partitions, from the beginning of the first execution that was not over by then. */
    public void runExecutionsSince(Optional<Instant> from, HistorySelection selection, Visitor visitor) {
        partitions();
        log.partitions(LogTopic.HISTORY).forEach((partition, range) -> {
            var first = Beginnings.ofExecutions(log, partition, from);
            run(partition, new OffsetRange(first, range.end()), selection, visitor);
        });
    }

    private void run(int partition, OffsetRange range, HistorySelection selection, Visitor visitor) {
        try (var reader = log.read(LogTopic.HISTORY, partition, range.first(), range.end());
                var disk = RowDisk.ofThisRun("stepstream-keys")) {
            var keys = keys(partition, disk);
            run(
                    reader,
                    _ -> true,
                    entry -> !selection.includes(entry.record())
                            || visitor.visit(new Entry(
                                    entry.stored(), SealedHistory.open(entry.executionId(), entry.record(), keys))));
        }
    }

    private Keys keys(int partition, RowDisk disk) {
        try {
            return opening.<Keys>map(given -> new StoredKeys(log, partition, codec, given, disk, KEY_MEMORY, () -> {}))
                    .orElse(Keys.NONE);
        } catch (DamagedLog e) {
            note(e.partition(), e.offset(), "a key, so that nothing sealed is opened: " + e.getMessage());
            return Keys.NONE;
        }
    }

    /** Goes through what a reader gives, of the records that are wanted. */
    public void run(LogReader reader, Predicate<LogRecord> wanted, Visitor visitor) {
        var more = true;
        while (more) {
            var next = next(reader);
            more = next.isPresent();
            if (more && wanted.test(next.get())) {
                more = decode(next.get()).map(visitor::visit).orElse(true);
            }
        }
    }

    private Optional<LogRecord> next(LogReader reader) {
        while (true) {
            try {
                return reader.hasNext() ? Optional.of(reader.next()) : Optional.empty();
            } catch (DamagedLog e) {
                note(e.partition(), e.offset(), String.valueOf(e.getMessage()));
            }
        }
    }

    private Optional<Entry> decode(LogRecord stored) {
        try {
            if (stored.value().isEmpty()) {
                throw new Undecodable("a tombstone, which no history has", null);
            }
            return Optional.of(
                    new Entry(stored, codec.decode(stored.value().get().get(), HistoryRecord.class)));
        } catch (Undecodable e) {
            note(stored.partition(), stored.offset(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void note(int partition, long offset, String why) {
        damaged++;
        if (damage.size() < DAMAGE_KEPT) {
            damage.add(new Damage(partition, offset, why));
        }
    }

    /** How much could not be read. */
    public long damaged() {
        return damaged;
    }

    /** The first of what could not be read. */
    public List<Damage> damage() {
        return List.copyOf(damage);
    }
}
