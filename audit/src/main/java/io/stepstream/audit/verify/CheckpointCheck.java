package io.stepstream.audit.verify;

import io.stepstream.audit.checkpoint.PartitionDigest;
import io.stepstream.audit.checkpoint.Statement;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.schemas.Topics;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Compares a partition with what its checkpoints say it was. */
final class CheckpointCheck {
    private final int partition;
    private final Queue<Statement> ahead;

    /**
     * @param statements the partition's good checkpoints, in order; absent if they are not looked at
     * @param first where the partition begins
     * @param report tells how far an earlier run has come, and keeps the digest
     */
    CheckpointCheck(int partition, Optional<List<Statement>> statements, long first, PartitionReport report) {
        this.partition = partition;
        this.ahead = new ArrayDeque<>(statements.orElse(List.of()));
        if (statements.isEmpty()) {
            return;
        }
        if (report.digest.isPresent()) {
            ahead.removeIf(statement -> statement.offset() <= report.vouchedUpTo);
        } else if (ahead.isEmpty() || ahead.element().from() >= first) {
            report.digest = Optional.of(new PartitionDigest());
        } else {
            // The beginning is gone: the first checkpoint behind it vouches for its own digest, to go on from.
            ahead.removeIf(statement -> statement.offset() < first);
        }
    }

    /** To be called with each record before it is added: whatever a checkpoint says of those before it is compared. */
    void before(LogRecord next, PartitionReport report) {
        while (!ahead.isEmpty() && next.offset() >= ahead.element().offset()) {
            compare(ahead.remove(), next.offset(), report);
        }
    }

    void add(LogRecord record, byte[] valueHash, PartitionReport report) {
        report.digest.ifPresent(running -> running.add(record, valueHash));
    }

    /** To be called at the end of the partition. */
    void atEnd(PartitionReport report) {
        while (!ahead.isEmpty()) {
            compare(ahead.remove(), report.next, report);
        }
    }

    private void compare(Statement statement, long at, PartitionReport report) {
        var running = report.digest.orElseGet(statement::resume);
        report.digest = Optional.of(running);
        if (running.records() == statement.records() && running.toString().equals(statement.digest())) {
            report.checkpoints++;
            report.vouchedUpTo = statement.offset();
            return;
        }
        var count = running.records() == statement.records()
                ? "one of them was changed, moved or exchanged"
                : "there were " + statement.records() + " of them, now " + running.records();
        report.differs(new Difference(
                Kind.CHECKPOINT,
                Topics.HISTORY,
                partition,
                at,
                "",
                "$",
                "the records before offset " + statement.offset() + " are not those of checkpoint "
                        + statement.sequence() + " of " + statement.at() + ": " + count));
        // Whatever is found behind it is to be told by itself.
        report.digest = Optional.of(statement.resume());
    }
}
