package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.verify.Interrupted;
import io.stepstream.audit.verify.Report;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was interrupted is gone on with, and finds what one run would have. */
class ResumeTest {
    private static final long SEED = Long.getLong("audit.seed", 20261126);
    private static final int WORLDS = 8;

    @TempDir
    Path folder;

    /** A log that tells of each history record that is read. */
    private record Watched(LogSource log, Runnable onRecord) implements LogSource {
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
            var reader = log.read(topic, partition, from, end);
            return new LogReader() {
                @Override
                public boolean hasNext() {
                    return reader.hasNext();
                }

                @Override
                public LogRecord next() {
                    if (topic == LogTopic.HISTORY) {
                        onRecord.run();
                    }
                    return reader.next();
                }

                @Override
                public void close() {
                    reader.close();
                }
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
        public void close() {
            log.close();
        }
    }

    private static Report verify(LogSource log, Scope scope) {
        return new Verifier(log, scope, Interpreters.known()).run();
    }

    /** Runs up to this many records, and stops; true if it came to the end before. */
    private static boolean comesToItsEnd(LogSource log, Scope scope, int records) {
        var left = new AtomicInteger(records);
        var verifier = new Verifier[1];
        var watched = new Watched(log, () -> {
            if (left.decrementAndGet() == 0) {
                verifier[0].stop();
            }
        });
        verifier[0] = new Verifier(watched, scope, Interpreters.known());
        try {
            verifier[0].run();
            return true;
        } catch (Interrupted e) {
            return false;
        }
    }

    @Test
    void aRunThatIsStoppedAnywhereGoesOnThere() {
        var stops = 0;
        for (var seed = SEED; seed < SEED + WORLDS; seed++) {
            var random = new Random(seed);
            var log = RandomWorld.record(seed, 3, 4, 4);
            var whole = verify(log, Scope.ALL);
            var scope = Scope.ALL.resuming(folder.resolve("stopped-" + seed), 10);
            while (!comesToItsEnd(log, scope, 1 + random.nextInt((int) whole.records() / 3))) {
                stops++;
            }
            assertThat(verify(log, scope))
                    .as("-Daudit.seed=%d", seed)
                    .usingRecursiveComparison()
                    .isEqualTo(whole);
        }
        assertThat(stops).isGreaterThan(WORLDS);
    }

    @Test
    void aRunThatIsKilledGoesOnWhereItsStateWasSaved() throws IOException {
        for (var seed = SEED; seed < SEED + WORLDS; seed++) {
            var random = new Random(seed);
            var log = RandomWorld.record(seed, 3, 4, 4);
            var whole = verify(log, Scope.ALL);
            var killed = folder.resolve("killed-" + seed);
            var left = folder.resolve("left-" + seed);
            var until = new AtomicInteger(1 + random.nextInt((int) whole.records()));
            // What a process that is killed leaves is what its files are at that moment.
            verify(
                    new Watched(log, () -> {
                        if (until.decrementAndGet() == 0) {
                            copy(killed, left);
                        }
                    }),
                    Scope.ALL.resuming(killed, 5));
            assertThat(verify(log, Scope.ALL.resuming(left, 5)))
                    .as("-Daudit.seed=%d", seed)
                    .usingRecursiveComparison()
                    .isEqualTo(whole);
        }
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.list(from)) {
            Files.createDirectories(to);
            for (var file : files.filter(file -> !file.endsWith("LOCK")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsAppendedLaterIsReadByTheNextRunAlone() {
        var log = RandomWorld.record(SEED, 3, 4, 4);
        var half = new MemoryLog(log.registry);
        for (var topic : List.of(LogTopic.DEFINITIONS, LogTopic.HISTORY, LogTopic.EXECUTIONS)) {
            log.partitions(topic).keySet().forEach(partition -> {
                var records = log.of(topic, partition);
                var kept = topic == LogTopic.HISTORY ? records.size() / 2 : records.size();
                records.subList(0, kept).forEach(record -> half.add(topic, record));
            });
        }
        var scope = Scope.ALL.resuming(folder.resolve("later"), 1000);
        var first = verify(half, scope);
        var read = new AtomicInteger();
        var whole = verify(new Watched(log, read::incrementAndGet), scope);
        assertThat(whole.differences()).isEmpty();
        assertThat(whole.run()).isEqualTo(verify(log, Scope.ALL).run());
        // Of each partition the last record that was read before is looked at again, to see that it is the same log.
        assertThat(read.get()).isLessThanOrEqualTo((int) (whole.records() - first.records()) + 3);
    }

    @Test
    void aLogWhosePastHasChangedIsNotGoneOnWith() {
        var log = RandomWorld.record(SEED, 1, 4, 4);
        var scope = Scope.ALL.resuming(folder.resolve("changed"), 1000);
        verify(log, scope);
        var touched = log.copy();
        var last = touched.of(LogTopic.HISTORY, 0).removeLast();
        touched.add(
                LogTopic.HISTORY,
                new LogRecord(
                        0,
                        last.offset(),
                        last.timestamp(),
                        last.key(),
                        last.value().map(value -> Bytes.wrap(new byte[] {1})),
                        last.headers()));
        assertThatThrownBy(() -> verify(touched, scope))
                .isInstanceOf(UnreadableLog.class)
                .hasMessageContaining("another log, or was changed");
        assertThatThrownBy(() -> verify(log, scope.openedBy(scope.masterKeys()).checkedBy(key())))
                .isInstanceOf(UnreadableLog.class)
                .hasMessageContaining("other options");
    }

    private SigningKeys.Verifier key() throws IOException {
        return SigningKeys.generate(folder.resolve("some.key"));
    }
}
