package io.stepstream.audit.verify;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Compares the last status of each execution with what its steps give. The topic is compacted when it pleases the broker, so it is read
 * twice: first to know which record of a key is the last.
 */
final class StatusVerification {
    private static final int ID_LENGTH = 32;

    private final LogSource log;
    private final int partition;
    private final Scope scope;
    private final SpillingRows rows;
    private final RecordCodec codec;
    private final StatusReport report;
    private final boolean beginningIsGone;

    /** What was found, of one partition. */
    static final class StatusReport {
        long compared;
        long unchecked;
        final PartitionReport differences = new PartitionReport();
    }

    StatusVerification(
            LogSource log, int partition, Scope scope, SpillingRows rows, RecordCodec codec, boolean beginningIsGone) {
        this.log = log;
        this.partition = partition;
        this.scope = scope;
        this.rows = rows;
        this.codec = codec;
        this.report = new StatusReport();
        this.beginningIsGone = beginningIsGone;
    }

    /** Compares all of the partition. */
    StatusReport run(Runnable afterEach) {
        var range = log.partitions(LogTopic.EXECUTIONS).get(partition);
        if (range == null) {
            return report;
        }
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
            } else if (isLast(record) && record.value().isPresent()) {
                compare(record, record.value().get());
            }
            afterEach.run();
        });
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

    private void compare(LogRecord record, Bytes value) {
        ExecutionStatus status;
        try {
            status = codec.decode(value.get(), ExecutionStatus.class);
        } catch (Undecodable e) {
            differs(Kind.UNREADABLE, record, "", "$", String.valueOf(e.getMessage()));
            return;
        }
        var id = record.keyText();
        if (scope.executionId().filter(only -> !only.equals(id)).isPresent()) {
            return;
        }
        var arn = status.getExecutionArn();
        if (!Arns.executionId(arn).equals(id)) {
            differs(
                    Kind.KEY,
                    record,
                    arn,
                    "$.executionArn",
                    "the key is " + id + ", the ARN's is " + Arns.executionId(arn));
            return;
        }
        var tail = Optional.ofNullable(rows.get(Tail.key(id))).map(Tail::of);
        var last = tail.map(end -> end.chain().step())
                .or(() -> Optional.ofNullable(rows.get(RowKeys.execution(id)))
                        .map(row -> RowCodec.execution(row).chain().step()));
        if (tail.isPresent() || log.isLive() && status.getStep() > last.orElse(0L)) {
            report.unchecked++;
            return;
        }
        if (last.isEmpty()) {
            if (beginningIsGone) {
                report.unchecked++;
            } else {
                differs(Kind.STATUS, record, arn, "$", "there is no history of this execution");
            }
            return;
        }
        var expected = rows.get(ExpectedStatus.key(id));
        if (expected == null) {
            report.unchecked++;
            return;
        }
        report.compared++;
        var fields = ExpectedStatus.of(expected).differences(status);
        fields.forEach(field -> differs(
                Kind.STATUS,
                record,
                arn,
                "$." + field,
                "it is not what step " + ExpectedStatus.of(expected).step() + ", the last that changes it, gives"));
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

    private void differs(Kind kind, LogRecord at, String execution, String path, String what) {
        report.differences.differs(
                new Difference(kind, Topics.EXECUTIONS, partition, at.offset(), execution, path, what));
    }
}
