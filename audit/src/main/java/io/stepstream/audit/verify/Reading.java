package io.stepstream.audit.verify;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.verify.Difference.Kind;
import java.util.Optional;

/** The records of a partition one after the other; what is damaged between them is told, and passed over. */
final class Reading {
    private final LogTopic topic;
    private final int partition;
    private final LogReader reader;
    private final PartitionReport report;
    private Optional<LogRecord> next = Optional.empty();

    Reading(LogTopic topic, int partition, LogReader reader, PartitionReport report) {
        this.topic = topic;
        this.partition = partition;
        this.reader = reader;
        this.report = report;
    }

    /** What comes next; absent at the end. */
    Optional<LogRecord> peek() {
        while (next.isEmpty()) {
            try {
                if (!reader.hasNext()) {
                    return Optional.empty();
                }
                next = Optional.of(reader.next());
            } catch (DamagedLog e) {
                report.differs(new Difference(
                        Kind.UNREADABLE,
                        topic.topic(),
                        partition,
                        e.offset(),
                        "",
                        "$",
                        String.valueOf(e.getMessage())));
            }
        }
        return next;
    }

    /** Takes what comes next. */
    LogRecord take() {
        var taken = peek().orElseThrow();
        next = Optional.empty();
        return taken;
    }
}
