package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Step;
import io.stepstream.audit.checkpoint.Checkpointer;
import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.audit.verify.Report;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.schemas.RecordCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final String MACHINE = """
            {"StartAt": "Ask", "States": {
              "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 60,
                "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token", "for.$": "$.for"}},
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Nobody"}], "Next": "Nap"},
              "Nap": {"Type": "Wait", "Seconds": 5, "Next": "Done"},
              "Nobody": {"Type": "Fail", "Error": "Nobody", "Cause": "nobody answered"},
              "Done": {"Type": "Succeed"}}}""";

    @TempDir
    Path folder;

    private MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private Scope scope = Scope.ALL;

    @BeforeAll
    void record() throws IOException {
        var recorder = new Recorder(2, log.registry, Limits.DEFAULT, log);
        var machine = recorder.deploy("tampered", MACHINE, Set.of());
        var answered = recorder.start(machine, "answered", Document.ofTrusted("{\"for\":\"Amira\"}"));
        var unanswered = recorder.start(machine, "unanswered", Document.ofTrusted("{\"for\":\"nobody\"}"));
        recorder.start(machine, "waiting", Document.ofTrusted("{\"for\":\"Bo\"}"));
        recorder.advanceTo(recorder.now().plusSeconds(40));
        heartbeat(recorder, answered);
        recorder.advanceTo(recorder.now().plusSeconds(25));
        fireTimers(recorder, answered);
        fireTimers(recorder, unanswered);
        answered.complete(answered.open.keySet().iterator().next(), Document.ofTrusted("{\"decision\":\"APPROVED\"}"));
        recorder.advanceTo(recorder.now().plusSeconds(6));
        fireTimers(recorder, answered);
        assertThat(answered.ended && unanswered.ended).isTrue();

        var key = SigningKeys.generate(folder.resolve("audit.key"));
        var codec = new RecordCodec(log.registry);
        var sent = new ArrayList<LogRecord>();
        new Checkpointer(
                        log,
                        SigningKeys.signer(folder.resolve("audit.key")),
                        key,
                        InstantSource.fixed(recorder.now()),
                        (checkpointKey, checkpoint) -> sent.add(new LogRecord(
                                0,
                                sent.size(),
                                0,
                                Optional.of(Bytes.wrap(checkpointKey)),
                                Optional.of(Bytes.wrap(Checkpointer.encode(codec, checkpoint))),
                                List.of())))
                .run();
        sent.forEach(checkpoint -> log.add(LogTopic.CHECKPOINTS, checkpoint));
        scope = Scope.ALL.checkedBy(key);
    }

    private static void heartbeat(Recorder recorder, Recorder.Run run) {
        var ticket = run.open.keySet().iterator().next();
        run.send(
                new Command.Heartbeat(ticket, run.bindings.getOrDefault(ticket, ""), recorder.now()), Optional.empty());
    }

    private static void fireTimers(Recorder recorder, Recorder.Run run) {
        for (var timer : Map.copyOf(run.timers).entrySet()) {
            if (!timer.getValue().isAfter(recorder.now())) {
                run.timers.remove(timer.getKey());
                run.send(new Command.FireTimer(timer.getKey(), timer.getValue()), Optional.empty());
            }
        }
    }

    private Report verify(MemoryLog touched, Scope with) {
        return new Verifier(touched, with, Interpreters.known()).run();
    }

    private List<LogRecord> history(int partition) {
        return log.of(LogTopic.HISTORY, partition);
    }

    private int[] partitions() {
        return log.partitions(LogTopic.HISTORY).keySet().stream().mapToInt(i -> i).toArray();
    }

    @Test
    void untouchedItIsClean() {
        var report = verify(log, scope);
        assertThat(report.differences()).isEmpty();
        assertThat(report.run()).isEqualTo(report.records()).isGreaterThan(5);
        assertThat(report.checkpoints()).isPositive();
        assertThat(report.statuses()).isEqualTo(3);
    }

    @Test
    void everyByteOfEveryKeyAndValueFlippedIsFound() {
        var topics = List.of(LogTopic.HISTORY, LogTopic.EXECUTIONS, LogTopic.DEFINITIONS, LogTopic.CHECKPOINTS);
        for (var topic : topics) {
            var flips = log.partitions(topic).keySet().stream()
                    .flatMap(partition -> IntStream.range(0, log.of(topic, partition).size())
                            .filter(index -> isLastOfKey(topic, log.of(topic, partition), index))
                            .boxed()
                            .flatMap(index -> flips(topic, partition, index)))
                    .toList();
            var unfound = flips.parallelStream()
                    .filter(flip -> verify(flip.log(), scope).isClean())
                    .map(Flip::toString)
                    .toList();
            System.out.printf("%s: %d bytes flipped, %d found%n", topic, flips.size(), flips.size() - unfound.size());
            assertThat(unfound).as("flips in %s that were not found", topic).isEmpty();
        }
    }

    /** In a compacted topic, what is not a key's last record means nothing. */
    private static boolean isLastOfKey(LogTopic topic, List<LogRecord> records, int index) {
        return topic != LogTopic.EXECUTIONS
                || records.subList(index + 1, records.size()).stream()
                        .noneMatch(later -> later.keyText().equals(records.get(index).keyText()));
    }

    /** One byte of one record, to be flipped. */
    private final class Flip {
        private final LogTopic topic;
        private final int partition;
        private final int index;
        private final boolean inKey;
        private final int at;

        Flip(LogTopic topic, int partition, int index, boolean inKey, int at) {
            this.topic = topic;
            this.partition = partition;
            this.index = index;
            this.inKey = inKey;
            this.at = at;
        }

        MemoryLog log() {
            var touched = log.copy();
            var record = touched.of(topic, partition).get(index);
            touched.of(topic, partition)
                    .set(
                            index,
                            new LogRecord(
                                    partition,
                                    record.offset(),
                                    record.timestamp(),
                                    record.key().map(key -> inKey ? flipped(key) : key),
                                    record.value().map(value -> inKey ? value : flipped(value)),
                                    record.headers()));
            return touched;
        }

        private Bytes flipped(Bytes bytes) {
            var changed = bytes.get().clone();
            changed[at] ^= (byte) (1 << at % 8);
            return Bytes.wrap(changed);
        }

        @Override
        public String toString() {
            return topic + " " + partition + " record " + index + (inKey ? " key" : " value") + " byte " + at;
        }
    }

    private Stream<Flip> flips(LogTopic topic, int partition, int index) {
        var record = log.of(topic, partition).get(index);
        var key = record.key().map(bytes -> bytes.get().length).orElse(0);
        var value = record.value().map(bytes -> bytes.get().length).orElse(0);
        return Stream.concat(
                IntStream.range(0, key).mapToObj(at -> new Flip(topic, partition, index, true, at)),
                IntStream.range(0, value).mapToObj(at -> new Flip(topic, partition, index, false, at)));
    }

    @Test
    void everyRecordDeletedSwappedOrDoubledIsFound() {
        var touched = 0;
        for (var partition : partitions()) {
            for (var i = 0; i < history(partition).size(); i++) {
                var at = i;
                assertFound("deleted " + i, partition, records -> without(records, at));
                assertFound("doubled " + i, partition, records -> doubled(records, at));
                touched += 2;
                if (i > 0) {
                    assertFound("swapped " + i, partition, records -> swapped(records, at));
                    touched++;
                }
            }
            assertFound("all deleted", partition, _ -> List.of());
            touched++;
        }
        System.out.printf("%d records deleted, doubled or swapped: all found%n", touched);
    }

    /** Whatever is left keeps its offset, or moves up as a copied topic would have it: both are found. */
    private void assertFound(String what, int partition, UnaryOperator<List<LogRecord>> touch) {
        for (var renumber : List.of(true, false)) {
            var touched = log.copy();
            var changed = touch.apply(history(partition));
            var records = touched.of(LogTopic.HISTORY, partition);
            records.clear();
            for (var record : changed) {
                records.add(renumber ? at(record, records.size()) : record);
            }
            assertThat(verify(touched, scope).differences())
                    .as("%s in partition %d", what, partition)
                    .isNotEmpty();
        }
    }

    private static LogRecord at(LogRecord record, long offset) {
        return new LogRecord(
                record.partition(), offset, record.timestamp(), record.key(), record.value(), record.headers());
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

    private static List<LogRecord> swapped(List<LogRecord> records, int index) {
        var moved = new ArrayList<>(records);
        moved.set(index - 1, at(records.get(index), records.get(index - 1).offset()));
        moved.set(index, at(records.get(index - 1), records.get(index).offset()));
        return moved;
    }

    @Test
    void aChangedInterpreterWithTheSameNumberIsFound() {
        Interpreters.Interpretation changed = (rows, command, inputs) -> {
            var step = Interpreter.step(rows, command, inputs);
            return new Step(
                    step.rows(),
                    step.effects().stream()
                            .map(effect -> effect instanceof Effect.Close(Outcome.Succeeded(var output))
                                    ? new Effect.Close(new Outcome.Succeeded(Document.ofTrusted("[" + output + "]")))
                                    : effect)
                            .toList());
        };
        var report =
                new Verifier(log, scope, new Interpreters(Map.of(Interpreter.SEMANTICS, changed))).run();
        assertThat(report.differences())
                .anySatisfy(difference -> {
                    assertThat(difference.kind()).isEqualTo(Kind.STEP);
                    assertThat(difference.path()).isEqualTo("$.effectsDigest");
                });
    }

    @Test
    void anotherNumberIsCheckedByChainOnlyAndSaidSo() {
        var report = new Verifier(log, scope, new Interpreters(Map.of())).run();
        assertThat(report.isClean()).isTrue();
        assertThat(report.run()).isZero();
        assertThat(report.byChainOnly().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(report.records());
    }

    @Test
    void theLastRecordsOfAnExecutionAreVouchedForByCheckpointsAlone() {
        for (var partition : partitions()) {
            var last = history(partition).size() - 1;
            var touched = log.copy();
            var records = touched.of(LogTopic.HISTORY, partition);
            records.remove(last);
            assertThat(verify(touched, scope).differences())
                    .anyMatch(difference -> difference.kind() == Kind.CHECKPOINT);
        }
        assertThat(verify(log, Scope.ALL).vouched()).isEmpty();
    }

    @Test
    void aRunGoesOnWhereAnotherHasStopped() {
        var resumed = new Scope(
                scope.from(), scope.execution(), scope.checkpoints(), 1, Optional.of(folder.resolve("state")));
        var half = new MemoryLog(log.registry);
        for (var topic : LogTopic.values()) {
            log.partitions(topic).keySet().forEach(partition -> log.of(topic, partition).stream()
                    .filter(record -> topic == LogTopic.DEFINITIONS
                            || topic == LogTopic.HISTORY
                                    && record.timestamp()
                                            < Recorder.START.plus(Duration.ofSeconds(30)).toEpochMilli())
                    .forEach(record -> half.add(topic, record)));
        }
        var first = verify(half, resumed);
        assertThat(first.isClean()).isTrue();
        assertThat(first.records()).isPositive();
        assertThat(verify(log, resumed))
                .usingRecursiveComparison()
                .isEqualTo(verify(log, scope));
    }
}
