package io.stepstream.audit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.audit.checkpoint.Checkpoints;
import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.audit.replay.StoredKeys;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Verifies one partition, from where an earlier run has come to, and keeps its state. Used by one thread. */
final class PartitionRun {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Shared shared;
    private final LogSource log;
    private final Scope scope;
    private final Place at;
    private final Bytes stateKey;
    private final PartitionReport report;
    private final SpillingRows rows;
    private final Standings standings;
    private final RecordCodec codec;
    private long counted;
    private int since;

    /**
     * What all partitions of a run have in common.
     *
     * @param rows what does not fit into memory, and a later run may go on with
     * @param keys of this run alone
     * @param rowMemory bytes for the rows of one partition
     * @param keyMemory bytes for the keys of one partition
     * @param isStopping whether to stop between two records
     */
    record Shared(
            LogSource log,
            Scope scope,
            Interpreters interpreters,
            Revisions revisions,
            Checkpoints checkpoints,
            RowDisk rows,
            RowDisk keys,
            long rowMemory,
            long keyMemory,
            Progress progress,
            BooleanSupplier isStopping) {}

    /**
     * A partition, and what is to be read of it.
     *
     * @param partitions how many there are
     */
    record Place(int partition, int partitions, OffsetRange history, OffsetRange statuses) {}

    /**
     * What was found.
     *
     * @param read in records, for good
     * @param atEnd at what is open at the end of the log, and may be settled by what is appended later
     */
    record Result(int partition, PartitionReport.State read, PartitionReport.State atEnd) {}

    PartitionRun(Shared shared, Place at) {
        this.shared = shared;
        this.log = shared.log();
        this.scope = shared.scope();
        this.at = at;
        this.stateKey = AuditKeys.ofRun("partition " + at.partition());
        this.report = resumed();
        this.rows = new SpillingRows(shared.rows(), shared.rowMemory());
        this.standings = new Standings(at.partition(), rows);
        this.codec = log.codec();
        this.counted = position();
    }

    Result run() {
        requireSameLog();
        shared.progress().skip(position() - at.history().first() - at.statuses().first());
        var keys = keys();
        var statuses = statuses(keys, report);
        read(keys, statuses);
        shared.progress().advance(at.history().end() + at.statuses().end() - position());
        save();
        return new Result(at.partition(), report.state(), atEnd(keys));
    }

    /** Reads history and statuses side by side: what a step makes known is compared while it is at hand. */
    private void read(Keys keys, StatusVerification statuses) {
        var replayer = new Replayer(shared.interpreters(), shared.revisions(), rows, keys);
        var checkpoints = new CheckpointCheck(
                at.partition(),
                scope.checkpoints().map(_ -> shared.checkpoints().of(at.partition())),
                at.history().first(),
                report);
        var history = new PartitionVerification(
                at.partition(),
                at.partitions(),
                scope,
                standings,
                replayer,
                statuses,
                codec,
                new StoredBytes<>(log.schemas(), HistoryRecord.class),
                checkpoints,
                report,
                at.history().first());
        try (var steps = log.read(
                        LogTopic.HISTORY,
                        at.partition(),
                        report.next,
                        at.history().end());
                var stored = log.read(
                        LogTopic.EXECUTIONS,
                        at.partition(),
                        report.nextStatus,
                        at.statuses().end())) {
            var reading = new Reading(LogTopic.EXECUTIONS, at.partition(), stored, report);
            history.run(steps, record -> {
                afterRecord();
                read(reading, statuses, record.timestamp());
            });
            read(reading, statuses, Long.MAX_VALUE);
        }
        if (log.isLive()) {
            readWhatCameSince(statuses);
        }
    }

    /** What the last steps that were read have made known may have come after it was asked how many statuses there are. */
    private void readWhatCameSince(StatusVerification statuses) {
        var range = log.partitions(LogTopic.EXECUTIONS).getOrDefault(at.partition(), at.statuses());
        try (var stored = log.read(LogTopic.EXECUTIONS, at.partition(), report.nextStatus, range.end())) {
            read(new Reading(LogTopic.EXECUTIONS, at.partition(), stored, report), statuses, Long.MAX_VALUE);
        }
    }

    /** Statuses have the times of their steps' records, so this is how far the history has come; if it is not, they wait. */
    private void read(Reading reading, StatusVerification statuses, long time) {
        for (var next = reading.peek();
                next.filter(record -> record.timestamp() <= time).isPresent();
                next = reading.peek()) {
            find(reading.take(), statuses);
            afterRecord();
        }
    }

    private void find(LogRecord record, StatusVerification statuses) {
        report.nextStatus = record.offset() + 1;
        var id = record.keyText();
        if (!RowKeys.isId(id)) {
            report.differs(new Difference(
                    Kind.KEY,
                    Topics.EXECUTIONS,
                    at.partition(),
                    record.offset(),
                    "",
                    "$",
                    "the key " + id + " is no executionId"));
        } else if (scope.executionId().filter(only -> !only.equals(id)).isEmpty()) {
            statuses.find(id, record.offset(), record.value().map(Bytes::get));
        }
    }

    private StatusVerification statuses(Keys keys, PartitionReport told) {
        return new StatusVerification(
                at.partition(),
                standings,
                this::execution,
                keys,
                codec,
                new StoredBytes<>(log.schemas(), ExecutionStatus.class),
                told);
    }

    private Optional<ExecutionRow> execution(String id) {
        return new ExecutionRows(rows, id).execution();
    }

    private PartitionReport.State atEnd(Keys keys) {
        var told = new PartitionReport();
        var statuses = statuses(keys, told);
        var end = new StatusVerification.End(at.statuses().end(), at.history().first() > 0, log.isLive());
        standings.each(stateKey, bytes(), (id, standing) -> {
            stopIfAsked();
            shared.progress().open();
            statuses.atEnd(id, standing, lastStep(id, standing), end);
        });
        return told.state();
    }

    private Optional<Long> lastStep(String id, Standing standing) {
        return standing.tail()
                .map(tail -> tail.chain().step())
                .or(() ->
                        Optional.of(new ExecutionRows(rows, id).chain().step()).filter(step -> step > 0));
    }

    private Keys keys() {
        try {
            return new StoredKeys(
                    log, at.partition(), codec, scope.masterKeys(), shared.keys(), shared.keyMemory(), () -> {
                        stopIfAsked();
                        shared.progress().advance(1);
                    });
        } catch (DamagedLog e) {
            report.differs(new Difference(
                    Kind.UNREADABLE, Topics.KEYS, at.partition(), e.offset(), "", "$", String.valueOf(e.getMessage())));
            return Keys.NONE;
        }
    }

    private long position() {
        return report.next + report.nextStatus;
    }

    private void afterRecord() {
        shared.progress().advance(position() - counted);
        counted = position();
        since++;
        if (shared.isStopping().getAsBoolean()) {
            save();
            throw new Interrupted("stopped in front of offset " + report.next);
        }
        if (since >= scope.savedEvery() && scope.resume().isPresent() || rows.isFull()) {
            since = 0;
            rows.spill(stateKey, bytes());
        }
    }

    private void stopIfAsked() {
        if (shared.isStopping().getAsBoolean()) {
            throw new Interrupted("stopped");
        }
    }

    private void save() {
        if (scope.resume().isPresent()) {
            rows.spill(stateKey, bytes());
        }
    }

    /** What was read before is not read again: if it is not there any more, going on would say nothing. */
    private void requireSameLog() {
        if (report.lastOffset < 0) {
            return;
        }
        try (var reader = log.read(LogTopic.HISTORY, at.partition(), report.lastOffset, report.lastOffset + 1)) {
            if (reader.hasNext()
                    && Arrays.equals(
                            report.lastHash,
                            Sha256.digest()
                                    .digest(reader.next()
                                            .value()
                                            .map(Bytes::get)
                                            .orElseGet(() -> new byte[0])))) {
                return;
            }
        } catch (DamagedLog e) {
            throw anotherLog(e);
        }
        throw anotherLog(null);
    }

    private UnreadableLog anotherLog(@Nullable Throwable cause) {
        return new UnreadableLog(
                log.name() + " has not got the record at offset " + report.lastOffset + " of partition "
                        + at.partition() + " that the run to resume read last: it is another log, or was changed;"
                        + " verify it from its beginning, without --resume",
                cause);
    }

    private PartitionReport resumed() {
        var kept = shared.rows().get(stateKey);
        if (kept == null) {
            var begun = new PartitionReport();
            begun.next = at.history().first();
            begun.nextStatus = at.statuses().first();
            return begun;
        }
        try {
            var found = new PartitionReport(JSON.readValue(kept, PartitionReport.State.class));
            // Compaction may have moved their beginning since.
            found.nextStatus = Math.max(found.nextStatus, at.statuses().first());
            return found;
        } catch (IOException e) {
            throw new UnreadableLog("the folder to resume from is damaged (" + e.getMessage() + "): use another", e);
        }
    }

    private byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(report.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
