package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.report.ApprovalReport;
import io.stepstream.audit.verify.Report;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.audit.whatif.Findings;
import io.stepstream.audit.whatif.WhatIf;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** A log with an index of times says the same as one that has to be read from its beginning, and less of it is read. */
class SinceTest {
    private static final int WORLDS = 5;
    /** Commands to executions that are over are few. */
    private static final long MOST_STRAY = 10;

    /** Whether a log knows where a time is. */
    private enum Times {
        INDEXED,
        UNKNOWN
    }

    /** A log that tells what was read of its history. */
    private static final class Watched implements LogSource {
        private final LogSource log;
        private final Times times;
        private long read;

        Watched(LogSource log, Times times) {
            this.log = log;
            this.times = times;
        }

        @Override
        public String name() {
            return log.name();
        }

        @Override
        public boolean isLive() {
            return log.isLive();
        }

        @Override
        public SortedMap<Integer, OffsetRange> partitions(LogTopic topic) {
            return log.partitions(topic);
        }

        @Override
        public LogReader read(LogTopic topic, int partition, long from, long end) {
            read += topic == LogTopic.HISTORY ? end - from : 0;
            return log.read(topic, partition, from, end);
        }

        @Override
        public long firstSince(LogTopic topic, int partition, Instant time) {
            return switch (times) {
                case INDEXED -> log.firstSince(topic, partition, time);
                case UNKNOWN -> LogSource.super.firstSince(topic, partition, time);
            };
        }

        @Override
        public SchemaRegistry schemas() {
            return log.schemas();
        }

        @Override
        public RecordCodec codec() {
            return log.codec();
        }

        @Override
        public void close() {}
    }

    @Test
    void anIndexChangesNothingButWhatIsRead() {
        var all = 0L;
        var less = 0L;
        for (var seed = 0; seed < WORLDS; seed++) {
            var log = RandomWorld.record(seed, 2, 3, 3);
            for (var share = 1; share < 4; share++) {
                var from = at(log, share * 0.25);
                var whole = new Watched(log, Times.UNKNOWN);
                var indexed = new Watched(log, Times.INDEXED);
                assertThat(exported(indexed, from))
                        .as("seed %d from %s", seed, from)
                        .isEqualTo(exported(whole, from));
                // What is a request for a decision is told by what was read: more of it, the less was.
                assertThat(reported(indexed, from).approvals())
                        .as("seed %d from %s", seed, from)
                        .containsAll(reported(whole, from).approvals());
                assertThat(tried(indexed, from))
                        .as("seed %d from %s", seed, from)
                        .isEqualTo(tried(whole, from));
                assertVerified(indexed, from);
                assertThat(assertVerified(whole, from).beginningsGone()).isZero();
                all += whole.read;
                less += indexed.read;
            }
        }
        System.out.printf("%d offsets read instead of %d%n", less, all);
        assertThat(less).isLessThan(all * 2 / 3);
    }

    /** A time so far into a log. */
    private static Instant at(MemoryLog log, double share) {
        var times = Entries.of(log).stream()
                .map(entry -> entry.record().getNow())
                .sorted()
                .toList();
        var whole = Duration.between(times.getFirst(), times.getLast()).toMillis();
        return times.getFirst().plusMillis((long) (whole * share));
    }

    private static HistorySelection since(Instant from) {
        return new HistorySelection(Optional.of(from), Optional.empty(), Optional.empty());
    }

    private static List<LogRecord> exported(LogSource log, Instant from) {
        var records = new ArrayList<LogRecord>();
        new HistoryScan(log).run(since(from), entry -> records.add(entry.stored()));
        return records;
    }

    private static ApprovalReport reported(LogSource log, Instant from) {
        return ApprovalReport.read(log, Optional.empty(), since(from), Instant.EPOCH);
    }

    private static Findings tried(LogSource log, Instant from) {
        return WhatIf.run(
                log,
                Optional.of(MasterKeys.none()),
                new HistorySelection(Optional.of(from), Optional.empty(), Optional.of("machine-1")),
                "{\"StartAt\":\"s\",\"States\":{\"s\":{\"Type\":\"Succeed\"}}}",
                1000);
    }

    private static Report assertVerified(LogSource log, Instant from) {
        var all = Scope.ALL;
        var scope = new Scope(
                Optional.of(from),
                all.execution(),
                all.checkpoints(),
                all.masterKeys(),
                all.threads(),
                all.resume(),
                all.savedEvery());
        var report = new Verifier(log, scope, Interpreters.known()).run();
        assertThat(report.differences()).isEmpty();
        // What somebody asked of an execution that was over by then has nothing before it.
        assertThat(report.byChainOnly().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isBetween(report.beginningsGone(), MOST_STRAY);
        return report;
    }
}
