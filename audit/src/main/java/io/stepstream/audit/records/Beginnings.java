package io.stepstream.audit.records;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where a partition's history is to be read from, so that a month of years takes no longer than a month. */
public final class Beginnings {
    private Beginnings() {}

    /** Where the steps of this time and later are; the partition's first offset if it is any time. */
    public static long ofSteps(LogSource log, int partition, Optional<Instant> from) {
        return from.map(time -> log.firstSince(LogTopic.HISTORY, partition, time))
                .orElseGet(() -> log.partitions(LogTopic.HISTORY)
                        .getOrDefault(partition, new OffsetRange(0, 0))
                        .first());
    }

    /**
     * Where the executions begin that were not over at this time, as their statuses tell it: with all that such an execution did before.
     * A start date for each execution that runs is kept in memory. Statuses that are gone by retention tell nothing: what their executions
     * did before the time may be left out.
     */
    public static long ofExecutions(LogSource log, int partition, Optional<Instant> from) {
        var any = ofSteps(log, partition, Optional.of(Instant.EPOCH));
        if (from.isEmpty() || ofSteps(log, partition, from) == any) {
            return ofSteps(log, partition, Optional.empty());
        }
        var first = ofSteps(log, partition, Optional.of(earliestStart(log, partition, from.get())));
        return first == any ? ofSteps(log, partition, Optional.empty()) : first;
    }

    private static Instant earliestStart(LogSource log, int partition, Instant from) {
        var codec = log.codec();
        Map<String, Instant> running = new HashMap<>();
        var earliest = from;
        try (var reader = log.read(LogTopic.EXECUTIONS, partition)) {
            for (var status = next(reader, codec); status.isPresent(); status = next(reader, codec)) {
                var started = status.get().getStartDate();
                var stopped = status.get().getStopDate();
                if (stopped == null) {
                    running.put(status.get().getExecutionArn(), started);
                } else {
                    running.remove(status.get().getExecutionArn());
                    earliest = !stopped.isBefore(from) && started.isBefore(earliest) ? started : earliest;
                }
            }
        }
        return running.isEmpty() ? earliest : earlier(earliest, Collections.min(running.values()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** The next status that can be read; those that cannot are told of by whoever verifies. */
    private static Optional<ExecutionStatus> next(LogReader reader, RecordCodec codec) {
        while (true) {
            try {
                if (!reader.hasNext()) {
                    return Optional.empty();
                }
                var value = reader.next().value();
                if (value.isPresent()) {
                    return Optional.of(codec.decode(value.get().get(), ExecutionStatus.class));
                }
            } catch (DamagedLog | Undecodable e) {
                continue;
            }
        }
    }
}
