package io.stepstream.audit.verify;

import io.stepstream.audit.checkpoint.Checkpoints;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.records.Beginnings;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.audit.verify.PartitionRun.Place;
import io.stepstream.audit.verify.PartitionRun.Result;
import io.stepstream.audit.verify.PartitionRun.Shared;
import io.stepstream.audit.verify.Report.Vouched;
import io.stepstream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/**
 * Verifies a log: runs its steps again, partition by partition and several partitions at once, in memory that does not grow with the
 * log.
 */
public final class Verifier {
    /** For rows, of all threads together. */
    private static final long ROW_MEMORY = 96L << 20;
    /** For wrapped keys, of all threads together. */
    private static final long KEY_MEMORY = 16L << 20;

    private static final OffsetRange NOTHING = new OffsetRange(0, 0);

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

    /**
     * Verifies everything in scope.
     *
     * @throws UnreadableLog if the log cannot be read at all
     * @throws Interrupted if it was told to stop
     */
    public Report run() {
        var places = places();
        var revisions = Revisions.read(log);
        var checkpoints = scope.checkpoints()
                .map(verifier -> Checkpoints.read(log, verifier))
                .orElse(Checkpoints.NONE);
        var keys = log.partitions(LogTopic.KEYS);
        progress.expect(places.stream()
                .mapToLong(place -> place.history().length()
                        + place.statuses().length()
                        + keys.getOrDefault(place.partition(), NOTHING).length())
                .sum());
        var threads = Math.max(1, Math.min(scope.threads(), places.size()));
        try (var disk = scope.resume().map(RowDisk::in).orElseGet(Verifier::scratch);
                var keyDisk = scratch()) {
            claim(disk);
            var shared = new Shared(
                    log,
                    scope,
                    interpreters,
                    revisions,
                    checkpoints,
                    disk,
                    keyDisk,
                    ROW_MEMORY / threads,
                    KEY_MEMORY / threads,
                    progress,
                    () -> isStopping);
            return report(inParallel(shared, places, threads), revisions, checkpoints);
        }
    }

    /** Executions that were over by the time from which on is compared leave nothing behind, so they are not read where that can be helped. */
    private List<Place> places() {
        var ranges = log.partitions(LogTopic.HISTORY);
        if (ranges.isEmpty()) {
            throw new UnreadableLog(log.name() + " has no topic " + Topics.HISTORY + ": is it Stepstream's?");
        }
        var only = scope.executionId().map(id -> Topics.partitionOf(id, ranges.size()));
        var statuses = log.partitions(LogTopic.EXECUTIONS);
        return ranges.entrySet().stream()
                .filter(range -> only.filter(own -> !own.equals(range.getKey())).isEmpty())
                .map(range -> new Place(
                        range.getKey(),
                        ranges.size(),
                        new OffsetRange(
                                Beginnings.ofExecutions(log, range.getKey(), scope.from()),
                                range.getValue().end()),
                        statuses.getOrDefault(range.getKey(), NOTHING)))
                .toList();
    }

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

    private static List<Result> inParallel(Shared shared, List<Place> places, int threads) {
        var work = places.stream()
                .<Callable<Result>>map(place -> () -> new PartitionRun(shared, place).run())
                .toList();
        try (var pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("verify-", 0).daemon().factory())) {
            var results = new ArrayList<Result>();
            for (Future<Result> result : pool.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
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

    private Report report(List<Result> parts, Revisions revisions, Checkpoints checkpoints) {
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
            var read = part.read();
            differences.addAll(read.differences());
            differences.addAll(part.atEnd().differences());
            count += read.differenceCount() + part.atEnd().differenceCount();
            read.byChainOnly().forEach((why, records) -> byChainOnly.merge(why, records, Long::sum));
            vouched.add(new Vouched(part.partition(), read.vouchedUpTo(), read.next()));
        }
        return new Report(
                log.name(),
                sum(parts, PartitionReport.State::records),
                sum(parts, PartitionReport.State::run),
                sum(parts, PartitionReport.State::executions),
                byChainOnly,
                sum(parts, PartitionReport.State::beginningsGone),
                sum(parts, PartitionReport.State::redacted),
                sum(parts, PartitionReport.State::statuses),
                sum(parts, PartitionReport.State::unchecked)
                        + parts.stream()
                                .mapToLong(part -> part.atEnd().unchecked())
                                .sum(),
                parts.stream().mapToInt(part -> part.read().checkpoints()).sum(),
                scope.checkpoints().map(_ -> List.copyOf(vouched)),
                count,
                List.copyOf(differences));
    }

    private static long sum(List<Result> parts, ToLongFunction<PartitionReport.State> of) {
        return parts.stream().mapToLong(part -> of.applyAsLong(part.read())).sum();
    }
}
