package io.stepstream.audit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.audit.checkpoint.Checkpoints;
import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.records.Beginnings;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.replay.SpillingRows;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.audit.verify.Report.Vouched;
import io.stepstream.audit.verify.StatusVerification.StatusReport;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.HistoryRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a log: runs its steps again, partition by partition and several partitions at once, in memory that does not grow with the
 * log.
 */
public final class Verifier {
    /** For rows, of all threads together. */
    private static final long ROW_MEMORY = 96L << 20;
    /** For wrapped keys, of all threads together. */
    private static final long KEY_MEMORY = 16L << 20;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final LogSource log;
    private final Scope scope;
    private final Interpreters interpreters;
    private final Progress progress = new Progress();
    private volatile boolean isStopping;

    public Verifier(LogSource log, Scope scope, Interpreters interpreters) {
        this.log = log;
        this.scope = scope;
        this.interpreters = interpreters;
    }

    public Progress progress() {
        return progress;
    }

    /** Has a run in another thread stop between two records; it ends with {@link Interrupted}. */
    public void stop() {
        isStopping = true;
    }

    /** What was found in one partition. */
    private record Part(int partition, PartitionReport.State history, StatusReport statuses) {}

    /**
     * Verifies everything in scope.
     *
     * @throws UnreadableLog if the log cannot be read at all
     * @throws Interrupted if it was told to stop
     */
    public Report run() {
        var ranges = ranges();
        var revisions = Revisions.read(log);
        var checkpoints = scope.checkpoints()
                .map(verifier -> Checkpoints.read(log, verifier))
                .orElse(Checkpoints.NONE);
        progress.expect(ranges.values().stream().mapToLong(OffsetRange::length).sum());
        try (var disk = scope.resume().map(RowDisk::in).orElseGet(Verifier::scratch);
                var keyDisk = scratch()) {
            claim(disk);
            var parts = inParallel(ranges, new Disks(disk, keyDisk), revisions, checkpoints);
            return report(parts, revisions, checkpoints);
        }
    }

    /** Executions that were over by the time from which on is compared leave nothing behind, so they are not read where that can be helped. */
    private SortedMap<Integer, OffsetRange> ranges() {
        var ranges = new TreeMap<>(log.partitions(LogTopic.HISTORY));
        if (ranges.isEmpty()) {
            throw new UnreadableLog(log.name() + " has no topic " + Topics.HISTORY + ": is it Stepstream's?");
        }
        ranges.replaceAll((partition, range) ->
                new OffsetRange(Beginnings.ofExecutions(log, partition, scope.from()), range.end()));
        return ranges;
    }

    /** What does not fit into memory: rows, which a later run may go on with, and keys, which none may. */
    private record Disks(RowDisk rows, RowDisk keys) {}

    private static RowDisk scratch() {
        return RowDisk.ofThisRun("stepstream-audit");
    }

    /** A state that was made in another scope would be misread. */
    private void claim(RowDisk disk) {
        var key = AuditKeys.ofRun("scope");
        var own = scope.fingerprint().getBytes(StandardCharsets.UTF_8);
        var found = disk.get(key);
        if (found != null && !Arrays.equals(found, own)) {
            throw new UnreadableLog("the folder to resume from is of a run with other options ("
                    + new String(found, StandardCharsets.UTF_8) + "): use the same, or another folder");
        }
        if (found == null && scope.resume().isPresent()) {
            disk.write(Map.of(key, Optional.of(own)));
        }
    }

    private List<Part> inParallel(
            SortedMap<Integer, OffsetRange> ranges, Disks disks, Revisions revisions, Checkpoints checkpoints) {
        var only = scope.executionId().map(id -> Topics.partitionOf(id, ranges.size()));
        var work = new ArrayList<Callable<Part>>();
        ranges.forEach((partition, range) -> {
            if (only.isEmpty() || only.get().equals(partition)) {
                work.add(() -> verify(partition, ranges.size(), range, disks, revisions, checkpoints));
            }
        });
        var threads = Math.min(scope.threads(), work.size());
        try (var pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("verify-", 0).daemon().factory())) {
            var parts = new ArrayList<Part>();
            for (Future<Part> part : pool.invokeAll(work)) {
                parts.add(part.get());
            }
            return parts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private Part verify(
            int partition,
            int partitions,
            OffsetRange range,
            Disks disks,
            Revisions revisions,
            Checkpoints checkpoints) {
        var place = AuditKeys.ofRun("partition " + partition);
        var report = resumed(disks.rows(), place, range);
        requireSameLog(partition, report);
        progress.skip(Math.max(0, report.next - range.first()));
        var threads = Math.min(scope.threads(), partitions);
        var rows = new SpillingRows(disks.rows(), ROW_MEMORY / threads);
        var codec = new RecordCodec(log.schemas());
        var keys = keys(partition, codec, disks.keys(), KEY_MEMORY / threads, report);
        var saving = new Saving(rows, place, report);
        try (var reader = log.read(LogTopic.HISTORY, partition, report.next, range.end())) {
            new PartitionVerification(
                            partition,
                            partitions,
                            scope,
                            rows,
                            new Replayer(interpreters, revisions, rows, keys),
                            codec,
                            new StoredBytes<>(log.schemas(), HistoryRecord.class),
                            new CheckpointCheck(
                                    partition,
                                    scope.checkpoints().map(_ -> checkpoints.of(partition)),
                                    range.first(),
                                    report),
                            report,
                            range.first())
                    .run(reader, saving::afterRecord);
        }
        saving.save();
        var statuses = new StatusVerification(log, partition, scope, rows, keys, codec, range.first() > 0)
                .run(report.executions, saving::spillIfFull);
        return new Part(partition, report.state(), statuses);
    }

    private Keys keys(int partition, RecordCodec codec, RowDisk disk, long budget, PartitionReport report) {
        try {
            return new StoredKeys(log, partition, codec, scope.masterKeys(), disk, budget);
        } catch (DamagedLog e) {
            report.differs(new Difference(
                    Kind.UNREADABLE, Topics.KEYS, partition, e.offset(), "", "$", String.valueOf(e.getMessage())));
            return Keys.NONE;
        }
    }

    /** Keeps a partition's state, as far as it is to be kept. */
    private final class Saving {
        private final SpillingRows rows;
        private final Bytes place;
        private final PartitionReport report;
        private int since;

        Saving(SpillingRows rows, Bytes place, PartitionReport report) {
            this.rows = rows;
            this.place = place;
            this.report = report;
        }

        void afterRecord() {
            progress.record();
            since++;
            if (isStopping) {
                save();
                throw new Interrupted("stopped in front of offset " + report.next);
            }
            if (since >= scope.savedEvery() && scope.resume().isPresent() || rows.isFull()) {
                since = 0;
                rows.spill(place, bytes(report));
            }
        }

        void spillIfFull() {
            if (rows.isFull()) {
                rows.spill(place, bytes(report));
            }
        }

        void save() {
            if (scope.resume().isPresent()) {
                rows.spill(place, bytes(report));
            }
        }
    }

    /** What was read before is not read again: if it is not there any more, going on would say nothing. */
    private void requireSameLog(int partition, PartitionReport report) {
        if (report.lastOffset < 0) {
            return;
        }
        try (var reader = log.read(LogTopic.HISTORY, partition, report.lastOffset, report.lastOffset + 1)) {
            if (reader.hasNext()
                    && Arrays.equals(
                            report.lastHash,
                            Sha256.digest()
                                    .digest(reader.next()
                                            .value()
                                            .map(value -> value.get())
                                            .orElseGet(() -> new byte[0])))) {
                return;
            }
        } catch (DamagedLog e) {
            throw anotherLog(partition, report, e);
        }
        throw anotherLog(partition, report, null);
    }

    private UnreadableLog anotherLog(int partition, PartitionReport report, @Nullable Throwable cause) {
        return new UnreadableLog(
                log.name() + " has not got the record at offset " + report.lastOffset + " of partition " + partition
                        + " that the run to resume read last: it is another log, or was changed; verify it from its"
                        + " beginning, without --resume",
                cause);
    }

    private static PartitionReport resumed(RowDisk disk, Bytes place, OffsetRange range) {
        var kept = disk.get(place);
        if (kept == null) {
            var report = new PartitionReport();
            report.next = range.first();
            return report;
        }
        try {
            return new PartitionReport(JSON.readValue(kept, PartitionReport.State.class));
        } catch (IOException e) {
            throw new UnreadableLog("the folder to resume from is damaged (" + e.getMessage() + "): use another", e);
        }
    }

    private static byte[] bytes(PartitionReport report) {
        try {
            return JSON.writeValueAsBytes(report.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report report(List<Part> parts, Revisions revisions, Checkpoints checkpoints) {
        var differences = new ArrayList<Difference>();
        revisions
                .refused()
                .forEach(refused -> differences.add(new Difference(
                        Kind.DEFINITION,
                        Topics.DEFINITIONS,
                        refused.partition(),
                        refused.offset(),
                        "",
                        "$",
                        refused.why())));
        checkpoints
                .problems()
                .forEach(problem -> differences.add(new Difference(
                        Kind.CHECKPOINT,
                        Topics.AUDIT_CHECKPOINTS,
                        problem.partition(),
                        problem.offset(),
                        "",
                        "$",
                        problem.why())));
        var count = (long) differences.size();
        var byChainOnly = new EnumMap<Obstacle, Long>(Obstacle.class);
        var vouched = new ArrayList<Vouched>();
        for (var part : parts) {
            var history = part.history();
            var statuses = part.statuses().differences.state();
            differences.addAll(history.differences());
            differences.addAll(statuses.differences());
            count += history.differenceCount() + statuses.differenceCount();
            history.byChainOnly().forEach((why, records) -> byChainOnly.merge(why, records, Long::sum));
            vouched.add(new Vouched(part.partition(), history.vouchedUpTo(), history.next()));
        }
        return new Report(
                log.name(),
                sum(parts, PartitionReport.State::records),
                sum(parts, PartitionReport.State::run),
                sum(parts, PartitionReport.State::executions),
                byChainOnly,
                sum(parts, PartitionReport.State::beginningsGone),
                sum(parts, PartitionReport.State::redacted),
                parts.stream().mapToLong(part -> part.statuses().compared).sum(),
                parts.stream().mapToLong(part -> part.statuses().unchecked).sum(),
                parts.stream().mapToInt(part -> part.history().checkpoints()).sum(),
                scope.checkpoints().map(_ -> List.copyOf(vouched)),
                count,
                List.copyOf(differences));
    }

    private static long sum(List<Part> parts, ToLongFunction<PartitionReport.State> of) {
        return parts.stream().mapToLong(part -> of.applyAsLong(part.history())).sum();
    }
}
