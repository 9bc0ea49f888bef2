package io.stepstream.audit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.audit.checkpoint.Checkpoints;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.replay.Interpreters;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.utils.Bytes;

/**
 * Verifies a log: runs its steps again, partition by partition and several partitions at once, in memory that does not grow with the
 * log.
 */
public final class Verifier {
    /** For rows, of all threads together. */
    private static final long ROW_MEMORY = 96L << 20;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final LogSource log;
    private final Scope scope;
    private final Interpreters interpreters;
    private final Progress progress = new Progress();

    public Verifier(LogSource log, Scope scope, Interpreters interpreters) {
        this.log = log;
        this.scope = scope;
        this.interpreters = interpreters;
    }

    public Progress progress() {
        return progress;
    }

    /** What was found in one partition. */
    private record Part(PartitionReport.State history, StatusReport statuses, long first) {}

    /**
     * Verifies everything in scope.
     *
     * @throws UnreadableLog if the log cannot be read at all
     */
    public Report run() {
        var ranges = log.partitions(LogTopic.HISTORY);
        if (ranges.isEmpty()) {
            throw new UnreadableLog(log.name() + " has no topic " + Topics.HISTORY + ": is it Stepstream's?");
        }
        var revisions = Revisions.read(log);
        var checkpoints = scope.checkpoints()
                .map(verifier -> Checkpoints.read(log, verifier))
                .orElse(Checkpoints.NONE);
        progress.expect(ranges.values().stream().mapToLong(OffsetRange::length).sum());
        try (var disk = disk()) {
            claim(disk);
            var parts = inParallel(ranges, disk, revisions, checkpoints);
            return report(parts, revisions, checkpoints);
        }
    }

    private RowDisk disk() {
        try {
            return scope.resume().isPresent()
                    ? new RowDisk(scope.resume().get(), RowDisk.Lifetime.BEYOND)
                    : new RowDisk(Files.createTempDirectory("stepstream-audit"), RowDisk.Lifetime.THIS_RUN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            SortedMap<Integer, OffsetRange> ranges, RowDisk disk, Revisions revisions, Checkpoints checkpoints) {
        var only = scope.executionId().map(id -> Topics.partitionOf(id, ranges.size()));
        var work = new ArrayList<Callable<Part>>();
        ranges.forEach((partition, range) -> {
            if (only.isEmpty() || only.get().equals(partition)) {
                work.add(() -> verify(partition, ranges.size(), range, disk, revisions, checkpoints));
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
            throw new UnreadableLog("interrupted; --resume goes on where it was", e);
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
            RowDisk disk,
            Revisions revisions,
            Checkpoints checkpoints) {
        var place = AuditKeys.ofRun("partition " + partition);
        var report = resumed(disk, place, range);
        progress.skip(report.next - range.first());
        var rows = new SpillingRows(disk, ROW_MEMORY / Math.min(scope.threads(), partitions));
        var codec = new RecordCodec(log.schemas());
        var verification = new PartitionVerification(
                partition,
                partitions,
                scope,
                rows,
                new Replayer(interpreters, revisions, rows),
                codec,
                new HistoryBytes(log.schemas()),
                new CheckpointCheck(partition, checkpoints.of(partition), range.first(), report),
                report,
                range.first());
        Runnable spillIfFull = () -> {
            if (rows.isFull()) {
                rows.spill(place, bytes(report));
            }
        };
        try (var reader = log.read(LogTopic.HISTORY, partition, report.next, range.end())) {
            verification.run(reader, () -> {
                progress.record();
                spillIfFull.run();
            });
        }
        if (scope.resume().isPresent()) {
            rows.spill(place, bytes(report));
        }
        var statuses = new StatusVerification(log, partition, scope, rows, codec, range.first() > 0).run(spillIfFull);
        return new Part(report.state(), statuses, range.first());
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
            vouched.add(new Vouched(vouched.size(), history.vouchedUpTo(), history.next()));
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
