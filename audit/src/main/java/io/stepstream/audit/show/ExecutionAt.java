package io.stepstream.audit.show;

import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.LogKeys;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;

/** Rebuilds one execution of a log. */
public final class ExecutionAt {
    /** For rows: more than all but the largest executions have at one time. */
    private static final long ROW_MEMORY = 64L << 20;

    private final LogSource log;
    private final Optional<MasterKeys> masterKeys;
    private final String arn;
    private final String id;

    /**
     * An execution of a log.
     *
     * @param masterKeys to open it with, if it is sealed
     */
    public ExecutionAt(LogSource log, Optional<MasterKeys> masterKeys, String executionArn) {
        this.log = log;
        this.masterKeys = masterKeys;
        this.arn = executionArn;
        this.id = Arns.executionId(executionArn);
    }

    /** What is done with an execution as it is rebuilt. */
    private interface Use<T> {
        T of(Course course, Runnable spillIfFull);
    }

    /**
     * The execution as it was.
     *
     * @throws NothingToShow if there is none, or none yet
     */
    public Snapshot at(Moment moment) {
        return rebuilding((course, spill) -> {
            read(course, spill, entry -> isUpTo(moment, course, entry));
            requireReached(moment, course);
            return course.snapshot();
        });
    }

    /**
     * The execution as it is, and again after each step, until it has ended.
     *
     * @param cluster the log, which goes on
     * @throws NothingToShow if there is none
     */
    public void follow(ClusterLog cluster, Consumer<Snapshot> watcher) {
        rebuilding((course, spill) -> {
            var end = read(course, spill, _ -> true);
            requireReached(new Moment.Latest(), course);
            watcher.accept(course.snapshot());
            if (!course.hasEnded()) {
                try (var reader = cluster.follow(LogTopic.HISTORY, partition(), end)) {
                    new HistoryScan(log).run(reader, record -> record.keyText().equals(id), entry -> {
                        course.add(entry);
                        spill.run();
                        watcher.accept(course.snapshot());
                        return !course.hasEnded();
                    });
                }
            }
            return course;
        });
    }

    private <T> T rebuilding(Use<T> use) {
        try (var disk = RowDisk.ofThisRun("stepstream-show")) {
            var rows = new SpillingRows(disk, ROW_MEMORY);
            var keys = LogKeys.read(log, masterKeys, id::equals);
            var course = new Course(arn, new Replayer(Interpreters.known(), Revisions.read(log), rows, keys));
            var place = Bytes.wrap("audit show".getBytes(StandardCharsets.UTF_8));
            return use.of(course, () -> {
                if (rows.isFull()) {
                    rows.spill(place, new byte[0]);
                }
            });
        }
    }

    private int partition() {
        return Topics.partitionOf(id, new HistoryScan(log).partitions());
    }

    /** Adds the records that there are, while they are wanted; returns where the partition ended then. */
    private long read(Course course, Runnable spillIfFull, Predicate<HistoryScan.Entry> wanted) {
        var partition = partition();
        var range = log.partitions(LogTopic.HISTORY).getOrDefault(partition, new OffsetRange(0, 0));
        try (var reader = log.read(LogTopic.HISTORY, partition, range.first(), range.end())) {
            new HistoryScan(log).run(reader, record -> record.keyText().equals(id), entry -> {
                var more = wanted.test(entry);
                if (more) {
                    course.add(entry);
                    spillIfFull.run();
                }
                return more;
            });
        }
        return range.end();
    }

    private static boolean isUpTo(Moment moment, Course course, HistoryScan.Entry entry) {
        return switch (moment) {
            case Moment.Latest _ -> true;
            case Moment.Time(var time) -> !entry.record().getNow().isAfter(time);
            case Moment.Event(var event) ->
                course.place().map(place -> place.event() < event).orElse(true);
        };
    }

    private void requireReached(Moment moment, Course course) {
        var place = course.place();
        switch (moment) {
            case Moment.Latest _ -> {
                if (place.isEmpty()) {
                    throw unknown();
                }
            }
            case Moment.Time(var time) -> {
                if (place.isEmpty()) {
                    var first = at(new Moment.Event(1));
                    throw new NothingToShow("at " + time + " there was no " + arn + " yet: its first record is of "
                            + first.place().at());
                }
            }
            case Moment.Event(var event) -> {
                if (place.isEmpty()) {
                    throw unknown();
                }
                if (event < 1) {
                    throw new NothingToShow("there is no event " + event + ": they are numbered from 1");
                }
                if (place.get().event() < event) {
                    throw new NothingToShow("there is no event " + event + " of " + arn + ": they go from 1 to "
                            + place.get().event());
                }
            }
        }
    }

    private NothingToShow unknown() {
        return new NothingToShow(log.name() + " has no record of an execution " + arn
                + ": give its whole ARN, as the read side or 'audit export' tells it");
    }
}
