package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Step;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogRecord.LogHeader;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.audit.verify.Report;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A small log with checkpoints, touched in every way: each is found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperTest {
    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private SmallLog small;

    @BeforeAll
    void record() throws IOException {
        small = SmallLog.record(folder);
    }

    private MemoryLog log() {
        return small.log();
    }

    private Report verify(MemoryLog touched) {
        return verify(touched, small.scope());
    }

    private static Report verify(MemoryLog touched, Scope scope) {
        return new Verifier(touched, scope, Interpreters.known()).run();
    }

    private List<LogRecord> history(int partition) {
        return log().of(LogTopic.HISTORY, partition);
    }

    @Test
    void untouchedItIsClean() {
        var report = verify(log());
        assertThat(report.differences()).isEmpty();
        assertThat(report.byChainOnly()).isEqualTo(Map.of(Obstacle.PURGED, 2L, Obstacle.NO_STEP, 2L));
        // Of the parent 5, of its items 2 and its child 1, of the task with a heartbeat 3, of the sealed one that is
        // kept 2.
        assertThat(report.run()).isEqualTo(report.records() - 4).isEqualTo(13);
        assertThat(report.checkpoints()).isEqualTo(2);
        assertThat(report.statuses()).isEqualTo(log().count(LogTopic.EXECUTIONS));
        assertThat(report.statusesUnchecked()).isZero();
    }

    @Test
    void withoutMasterKeysWhatIsSealedIsCheckedByItsChainAndSaidSo() {
        var report = verify(log(), small.scope().openedBy(MasterKeys.none()));
        assertThat(report.differences()).isEmpty();
        assertThat(report.byChainOnly())
                .isEqualTo(Map.of(Obstacle.PURGED, 2L, Obstacle.NO_STEP, 2L, Obstacle.SEALED, 2L));
    }

    @Test
    void everyByteOfEveryKeyAndValueFlippedIsFound() {
        for (var topic : LogTopic.values()) {
            var flips = log().partitions(topic).keySet().stream()
                    .flatMap(partition -> IntStream.range(
                                    0, log().of(topic, partition).size())
                            .filter(index -> isLookedAt(topic, log().of(topic, partition), index))
                            .boxed()
                            .flatMap(index -> flips(topic, partition, index)))
                    .toList();
            var unfound = flips.parallelStream()
                    .filter(flip -> !isTold(verify(flip.log())))
                    .map(Flip::toString)
                    .toList();
            System.out.printf("%s: %d bytes flipped, %d found%n", topic, flips.size(), flips.size() - unfound.size());
            assertThat(unfound).as("flips in %s that were not found", topic).isEmpty();
        }
    }

    /** A key that names a master key which is not at hand is no difference, but of its steps it is said that they were not run. */
    private boolean isTold(Report report) {
        return !report.isClean() || report.byChainOnly().containsKey(Obstacle.SEALED);
    }

    /**
     * What a tombstone or a purge's status has taken the place of waits for compaction and can be read by nobody: all others are looked
     * at, the last of their key or not.
     */
    private boolean isLookedAt(LogTopic topic, List<LogRecord> records, int index) {
        var key = records.get(index).keyText();
        var isLast = records.subList(index + 1, records.size()).stream()
                .noneMatch(later -> later.keyText().equals(key));
        return switch (topic) {
            case KEYS -> isLast;
            case EXECUTIONS -> isLast || !key.equals(Arns.executionId(Arns.DEFAULT.execution("s", "gone")));
            // What a resource is called, tagged and numbered besides its revisions: no step depends on it
            // (docs/audit.md).
            case DEFINITIONS -> !key.startsWith("resource ");
            case HISTORY, CHECKPOINTS -> true;
        };
    }

    /** One byte of one record, to be flipped. */
    private final class Flip {
        private final LogTopic topic;
        private final int partition;
        private final int index;
        private final boolean isInKey;
        private final int at;

        Flip(LogTopic topic, int partition, int index, boolean isInKey, int at) {
            this.topic = topic;
            this.partition = partition;
            this.index = index;
            this.isInKey = isInKey;
            this.at = at;
        }

        MemoryLog log() {
            return touched(
                    topic,
                    partition,
                    index,
                    record -> new LogRecord(
                            partition,
                            record.offset(),
                            record.timestamp(),
                            record.key().map(key -> isInKey ? flipped(key) : key),
                            record.value().map(value -> isInKey ? value : flipped(value)),
                            record.headers()));
        }

        private Bytes flipped(Bytes bytes) {
            var changed = bytes.get().clone();
            changed[at] ^= (byte) (1 << at % 8);
            return Bytes.wrap(changed);
        }

        @Override
        public String toString() {
            return topic + " " + partition + " record " + index + (isInKey ? " key" : " value") + " byte " + at;
        }
    }

    private MemoryLog touched(LogTopic topic, int partition, int index, UnaryOperator<LogRecord> touch) {
        var touched = log().copy();
        var records = touched.of(topic, partition);
        records.set(index, touch.apply(records.get(index)));
        return touched;
    }

    private Stream<Flip> flips(LogTopic topic, int partition, int index) {
        var record = log().of(topic, partition).get(index);
        var key = record.key().map(bytes -> bytes.get().length).orElse(0);
        var value = record.value().map(bytes -> bytes.get().length).orElse(0);
        return Stream.concat(
                IntStream.range(0, key).mapToObj(at -> new Flip(topic, partition, index, true, at)),
                IntStream.range(0, value).mapToObj(at -> new Flip(topic, partition, index, false, at)));
    }

    @Test
    void timestampsAndHeadersAreVouchedForByCheckpoints() {
        for (var partition = 0; partition < 2; partition++) {
            for (var i = 0; i < history(partition).size(); i++) {
                UnaryOperator<LogRecord> later = record -> new LogRecord(
                        record.partition(),
                        record.offset(),
                        record.timestamp() + 1,
                        record.key(),
                        record.value(),
                        record.headers());
                UnaryOperator<LogRecord> marked = record -> new LogRecord(
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        List.of(new LogHeader("traceparent", Optional.empty())));
                for (var touch : List.of(later, marked)) {
                    var touched = touched(LogTopic.HISTORY, partition, i, touch);
                    assertThat(verify(touched).differences())
                            .allMatch(found -> found.kind() == Kind.CHECKPOINT)
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void everyRecordDeletedSwappedOrDoubledIsFound() {
        var touched = 0;
        for (var partition = 0; partition < 2; partition++) {
            var before = history(partition);
            for (var i = 0; i < before.size(); i++) {
                var at = i;
                assertFound("deleted " + i, partition, records -> without(records, at));
                assertFound("doubled " + i, partition, records -> doubled(records, at));
                touched += 2;
                for (var j = 0; j < i; j++) {
                    var other = j;
                    assertFound("swapped " + i + " and " + j, partition, records -> swapped(records, other, at));
                    touched++;
                }
            }
            assertFound("all deleted", partition, _ -> List.of());
            touched++;
        }
        System.out.printf("%d times records deleted, doubled or swapped: all found%n", touched);
    }

    /** Whatever is left keeps its offset, or moves up as a copied topic would have it: both are found. */
    private void assertFound(String what, int partition, UnaryOperator<List<LogRecord>> touch) {
        for (var renumbered : List.of(true, false)) {
            var touched = log().copy();
            var changed = touch.apply(history(partition));
            var records = touched.of(LogTopic.HISTORY, partition);
            records.clear();
            for (var record : changed) {
                records.add(renumbered ? at(record, record.partition(), records.size()) : record);
            }
            assertThat(verify(touched).isClean())
                    .as("%s in partition %d", what, partition)
                    .isFalse();
        }
    }

    private static LogRecord at(LogRecord record, int partition, long offset) {
        return new LogRecord(partition, offset, record.timestamp(), record.key(), record.value(), record.headers());
    }

    private static List<LogRecord> without(List<LogRecord> records, int index) {
        var left = new ArrayList<>(records);
        left.remove(index);
        return left;
    }

    private static List<LogRecord> doubled(List<LogRecord> records, int index) {
        var more = new ArrayList<>(records);
        more.add(index, records.get(index));
        return more;
    }

    private static List<LogRecord> swapped(List<LogRecord> records, int one, int other) {
        var moved = new ArrayList<>(records);
        moved.set(
                one,
                at(
                        records.get(other),
                        records.get(one).partition(),
                        records.get(one).offset()));
        moved.set(
                other,
                at(
                        records.get(one),
                        records.get(other).partition(),
                        records.get(other).offset()));
        return moved;
    }

    @Test
    void everyRecordMovedToAnotherPartitionOrExchangedWithOneThereIsFound() {
        for (var i = 0; i < history(0).size(); i++) {
            var record = history(0).get(i);
            var moved = log().copy();
            moved.of(LogTopic.HISTORY, 0).remove(i);
            moved.of(LogTopic.HISTORY, 1).add(at(record, 1, history(1).getLast().offset() + 1));
            assertThat(verify(moved, withoutCheckpoints()).isClean())
                    .as("moved %d", i)
                    .isFalse();
            for (var j = 0; j < history(1).size(); j++) {
                var other = history(1).get(j);
                var exchanged = log().copy();
                exchanged.of(LogTopic.HISTORY, 0).set(i, at(other, 0, record.offset()));
                exchanged.of(LogTopic.HISTORY, 1).set(j, at(record, 1, other.offset()));
                assertThat(verify(exchanged, withoutCheckpoints()).isClean())
                        .as("exchanged %d, %d", i, j)
                        .isFalse();
            }
        }
    }

    private Scope withoutCheckpoints() {
        var scope = small.scope();
        return new Scope(scope.from(), scope.execution(), Optional.empty(), scope.masterKeys(), 1, Optional.empty(), 1);
    }

    @Test
    void everyDefinitionOrStatusDeletedIsFound() {
        for (var topic : List.of(LogTopic.DEFINITIONS, LogTopic.EXECUTIONS)) {
            log().partitions(topic).keySet().forEach(partition -> {
                for (var key : log().of(topic, partition).stream()
                        .map(LogRecord::keyText)
                        .distinct()
                        .toList()) {
                    var touched = log().copy();
                    touched.of(topic, partition)
                            .removeIf(record -> record.keyText().equals(key));
                    // The current revision under its machine's ARN says nothing that its own record does not.
                    if (topic == LogTopic.EXECUTIONS || key.matches("arn.* .*")) {
                        assertThat(verify(touched).isClean())
                                .as("%s %s", topic, key)
                                .isFalse();
                    }
                }
            });
        }
    }

    @Test
    void aStatusThatWasPutBackIsFound() {
        for (var partition = 0; partition < 2; partition++) {
            var statuses = log().of(LogTopic.EXECUTIONS, partition);
            for (var old : List.copyOf(statuses)) {
                var last = statuses.stream()
                        .filter(record -> record.keyText().equals(old.keyText()))
                        .reduce((_, later) -> later)
                        .orElseThrow();
                if (last != old) {
                    var touched = log().copy();
                    touched.of(LogTopic.EXECUTIONS, partition)
                            .add(at(old, partition, statuses.getLast().offset() + 1));
                    assertThat(verify(touched).differences())
                            .anyMatch(found -> found.path().equals("$.step"));
                }
            }
        }
    }

    @Test
    void theLastRecordIsVouchedForByACheckpointAlone() {
        for (var partition = 0; partition < 2; partition++) {
            var touched = log().copy();
            var last = touched.of(LogTopic.HISTORY, partition).removeLast();
            touched.of(LogTopic.EXECUTIONS, partition)
                    .removeIf(status -> status.keyText().equals(last.keyText()));
            assertThat(verify(touched).differences()).anyMatch(found -> found.kind() == Kind.CHECKPOINT);
        }
        assertThat(verify(log(), withoutCheckpoints()).vouched()).isEmpty();
    }

    @Test
    void aChangedInterpreterWithTheSameNumberIsFound() {
        Interpreters.Interpretation changed = (rows, command, inputs) -> {
            var step = Interpreter.step(rows, command, inputs);
            return new Step(
                    step.rows(),
                    step.effects().stream()
                            .map(effect -> effect instanceof Effect.Close(Outcome.Succeeded(var output))
                                    ? new Effect.Close(
                                            new Outcome.Succeeded(Document.ofTrusted("[" + output.text() + "]")))
                                    : effect)
                            .toList());
        };
        var report = new Verifier(log(), small.scope(), new Interpreters(Map.of(Interpreter.SEMANTICS, changed))).run();
        assertThat(report.differences()).anySatisfy(difference -> {
            assertThat(difference.kind()).isEqualTo(Kind.STEP);
            assertThat(difference.path()).isEqualTo("$.effectsDigest");
        });
    }

    @Test
    void anotherNumberIsCheckedByChainOnlyAndSaidSo() {
        var report = new Verifier(log(), small.scope(), new Interpreters(Map.of())).run();
        assertThat(report.differences()).isEmpty();
        assertThat(report.run()).isZero();
        assertThat(report.byChainOnly().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(report.records());
    }
}
