package io.stepstream.audit.verify;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.BrokenSeal;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Compares the statuses of executions with what their steps give. The topic is compacted when it pleases the broker, so it is read
 * twice: first to know which record of a key is the last.
 */
final class StatusVerification {
    private static final int ID_LENGTH = 32;

    private final LogSource log;
    private final int partition;
    private final Scope scope;
    private final SpillingRows rows;
    private final Keys keys;
    private final RecordCodec codec;
    private final StoredBytes<ExecutionStatus> bytes;
    private final StatusReport report;
    private final boolean beginningIsGone;

    /** What was found, of one partition. */
    static final class StatusReport {
        long compared;
        long unchecked;
        /** Executions that have a last status, or the tombstone of one. */
        long present;

        final PartitionReport differences = new PartitionReport();
    }

    StatusVerification(
            LogSource log,
            int partition,
            Scope scope,
            SpillingRows rows,
            Keys keys,
            RecordCodec codec,
            boolean beginningIsGone) {
        this.log = log;
        this.partition = partition;
        this.scope = scope;
        this.rows = rows;
        this.keys = keys;
        this.codec = codec;
        this.bytes = new StoredBytes<>(log.schemas(), ExecutionStatus.class);
        this.report = new StatusReport();
        this.beginningIsGone = beginningIsGone;
    }

    /**
     * Compares all of the partition.
     *
     * @param executions how many its history has
     */
    StatusReport run(long executions, Runnable afterEach) {
        var range = Optional.ofNullable(log.partitions(LogTopic.EXECUTIONS).get(partition))
                .orElse(new OffsetRange(0, 0));
        each(range.first(), range.end(), record -> {
            if (isId(record)) {
                rows.put(
                        lastKey(record.keyText()),
                        ByteBuffer.allocate(Long.BYTES).putLong(record.offset()).array());
            }
            afterEach.run();
        });
        each(range.first(), range.end(), record -> {
            if (!isId(record)) {
                differs(Kind.KEY, record, "", "$", "the key " + record.keyText() + " is no executionId");
            } else if (scope.executionId()
                    .filter(only -> !only.equals(record.keyText()))
                    .isEmpty()) {
                report.present += isLast(record) ? 1 : 0;
                record.value().ifPresent(value -> read(record, value.get()));
            }
            afterEach.run();
        });
        if (report.present < executions) {
            report.differences.differs(new Difference(
                    Kind.STATUS,
                    Topics.EXECUTIONS,
                    partition,
                    range.end(),
                    "",
                    "$",
                    (executions - report.present) + " of " + executions + " executions have no status"));
        }
        return report;
    }

    private void each(long first, long end, Consumer<LogRecord> use) {
        try (var reader = log.read(LogTopic.EXECUTIONS, partition, first, end)) {
            var more = true;
            while (more) {
                try {
                    more = reader.hasNext();
                    if (more) {
                        use.accept(reader.next());
                    }
                } catch (DamagedLog e) {
                    report.differences.differs(new Difference(
                            Kind.UNREADABLE,
                            Topics.EXECUTIONS,
                            partition,
                            e.offset(),
                            "",
                            "$",
                            String.valueOf(e.getMessage())));
                }
            }
        }
    }

    private void read(LogRecord record, byte[] value) {
        ExecutionStatus status;
        try {
            status = codec.decode(value, ExecutionStatus.class);
        } catch (Undecodable e) {
            differs(Kind.UNREADABLE, record, "", "$", String.valueOf(e.getMessage()));
            return;
        }
        var arn = status.getExecutionArn();
        var id = Arns.executionId(arn);
        if (!id.equals(record.keyText())) {
            differs(Kind.KEY, record, arn, "$.executionArn", "the key is " + record.keyText() + ", the ARN's is " + id);
        } else if (bytes.areOfOurSchema(value) && !bytes.areThoseOf(status, value)) {
            differs(Kind.STATUS, record, arn, "$", "it is not in the bytes that a status is written in");
        } else {
            compare(record, id, status);
        }
    }

    private void compare(LogRecord record, String id, ExecutionStatus status) {
        var tail = Optional.ofNullable(rows.get(Tail.key(id))).map(Tail::of);
        var lastStep = tail.map(end -> end.chain().step())
                .or(() -> Optional.ofNullable(rows.get(RowKeys.execution(id)))
                        .map(row -> RowCodec.execution(row).chain().step()));
        var isUnknown = tail.filter(end -> end.why() == Obstacle.STATE_UNKNOWN).isPresent();
        if (isUnknown
                || log.isLive() && status.getStep() > lastStep.orElse(0L)
                || lastStep.isEmpty() && beginningIsGone) {
            report.unchecked += isLast(record) ? 1 : 0;
            return;
        }
        if (lastStep.isEmpty()) {
            differs(Kind.STATUS, record, status, "$", "there is no history of this execution");
            return;
        }
        var expected = Optional.ofNullable(rows.get(ExpectedStatus.key(id)))
                .map(ExpectedStatus::of)
                .orElse(ExpectedStatus.NONE);
        compare(record, status, opened(record, id, status), expected);
        if (isLast(record)) {
            report.compared++;
            compareLast(record, id, status, expected, tail);
        }
    }

    private void compare(
            LogRecord record, ExecutionStatus stored, Optional<ExecutionStatus> opened, ExpectedStatus expected) {
        var differing = expected.differences(opened.orElse(stored));
        if (differing.isEmpty()) {
            differs(Kind.STATUS, record, stored, "$.step", "step " + stored.getStep() + " makes no status known");
        }
        for (var field : differing.orElse(List.of())) {
            if (opened.isPresent() || !ExpectedStatus.DATA.contains(field)) {
                differs(
                        Kind.STATUS,
                        record,
                        stored,
                        "$." + field,
                        "it is not what step " + stored.getStep() + " gives");
            }
        }
    }

    private void compareLast(
            LogRecord record, String id, ExecutionStatus status, ExpectedStatus expected, Optional<Tail> tail) {
        if (status.getStep() < expected.last() && !log.isLive()) {
            differs(
                    Kind.STATUS,
                    record,
                    status,
                    "$.step",
                    "it is of step " + status.getStep() + ", but step " + expected.last() + " made a later one known");
        }
        var isPurged = Optional.ofNullable(rows.get(Outline.key(id)))
                .map(Outline::of)
                .filter(Outline::isPurged)
                .isPresent();
        if (tail.filter(end -> end.why() == Obstacle.PURGED).isPresent() && !isPurged && !log.isLive()) {
            differs(Kind.KEY, record, status, "$", "its key is destroyed, and its history tells of no purge");
        }
        if (isPurged && keys.isKept(id)) {
            differs(Kind.KEY, record, status, "$", "its history tells of a purge, and its key is still there");
        }
    }

    /** The status as it was before it was sealed; absent if its key is not at hand. */
    private Optional<ExecutionStatus> opened(LogRecord record, String id, ExecutionStatus status) {
        var keyId = SealedRecords.keyId(status);
        if (keyId.isEmpty()) {
            return Optional.of(status);
        }
        try {
            return switch (keys.find(id, keyId.get())) {
                case KeyLookup.Found(var key) -> Optional.of(SealedRecords.open(status, key));
                case KeyLookup.Absent _
                when keys.isKept(id) -> throw new BrokenSeal("it names another key than the execution's");
                case KeyLookup.Absent _, KeyLookup.Locked _ -> Optional.empty();
            };
        } catch (BrokenSeal | IllegalStateException e) {
            differs(Kind.STATUS, record, status, "$.input", "its key does not open it: " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isLast(LogRecord record) {
        var last = rows.get(lastKey(record.keyText()));
        return last != null && ByteBuffer.wrap(last).getLong() == record.offset();
    }

    private static boolean isId(LogRecord record) {
        var key = record.keyText();
        return key.length() == ID_LENGTH && key.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private static Bytes lastKey(String executionId) {
        return AuditKeys.of(executionId, 'l');
    }

    private void differs(Kind kind, LogRecord at, ExecutionStatus status, String path, String what) {
        differs(kind, at, status.getExecutionArn(), path, what);
    }

    private void differs(Kind kind, LogRecord at, String execution, String path, String what) {
        report.differences.differs(
                new Difference(kind, Topics.EXECUTIONS, partition, at.offset(), execution, path, what));
    }
}
