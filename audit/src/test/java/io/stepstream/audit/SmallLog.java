package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.audit.checkpoint.Checkpointer;
import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogRecord.LogHeader;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.verify.Scope;
import io.stepstream.orchestrator.engine.RecordedEngine;
import io.stepstream.orchestrator.engine.RecordedEngine.Kept;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.PurgeScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;

/**
 * What the engine has written about one execution of each kind, in two partitions and with checkpoints: an inline Map, a Map run, a child,
 * a task with heartbeats and timers, sealed executions, one of which is purged, and one that lost its rows.
 */
record SmallLog(MemoryLog log, Scope scope, SigningKeys.Signer signer) {
    private static final int PARTITIONS = 2;

    private static final String PASS = """
        {"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}\
        """;

    private static final String PARENT = """
        {"StartAt":"I","States":{
         "I":{"Type":"Map","ItemProcessor":{"StartAt":"X","States":{"X":{"Type":"Pass","End":true}}},"Next":"D"},
         "D":{"Type":"Map","Label":"d","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
           "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"Next":"C"},
         "C":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
           "Parameters":{"StateMachineArn":"%s","Name":"one","Input":{}},"End":true}}}\
        """.formatted(Arns.DEFAULT.stateMachine("c"));

    private static final String ASK = """
        {"StartAt":"A","States":{
         "A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","HeartbeatSeconds":60,
           "Parameters":{"FunctionName":"ask","Payload":{"t.$":"$$.Task.Token"}},"Next":"W"},
         "W":{"Type":"Wait","Seconds":5,"End":true}}}\
        """;

    private static final String WORK = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:stepstream:kafka:::work","End":true}}}\
        """;

    static SmallLog record(Path folder) throws IOException {
        var masterKeys = MasterKeys.generate();
        try (var engine = new RecordedEngine(masterKeys, List.of("ask", "work"))) {
            play(engine);
            var log = new MemoryLog(engine.registry());
            take(engine, log, LogTopic.HISTORY, Topics.HISTORY, PARTITIONS);
            take(engine, log, LogTopic.EXECUTIONS, Topics.EXECUTIONS, PARTITIONS);
            take(engine, log, LogTopic.KEYS, Topics.KEYS, PARTITIONS);
            take(engine, log, LogTopic.DEFINITIONS, Topics.DEFINITIONS, 1);
            var key = SigningKeys.generate(folder.resolve("audit.key"));
            var small = new SmallLog(
                    log,
                    Scope.ALL.checkedBy(key).openedBy(masterKeys),
                    SigningKeys.signer(folder.resolve("audit.key")));
            small.checkpoint();
            return small;
        }
    }

    private static void play(RecordedEngine engine) {
        engine.create("c", PASS, Kept.OPEN);
        engine.start("p", engine.create("p", PARENT, Kept.OPEN), "r", "[1,2]");
        engine.advance(Duration.ofSeconds(1));

        engine.start("a", engine.create("a", ASK, Kept.OPEN), "r", "{}");
        var asked = engine.request("ask");
        engine.advance(Duration.ofSeconds(40));
        engine.heartbeat(asked);
        engine.advance(Duration.ofSeconds(25));
        engine.succeed(asked, "{\"decision\":\"APPROVED\"}");
        engine.advance(Duration.ofSeconds(6));

        var sealed = engine.create("s", WORK, Kept.SEALED);
        for (var name : List.of("kept", "gone")) {
            engine.start("s", sealed, name, "{\"secret\":1}");
            engine.succeed(engine.request("work"), "2");
        }
        engine.purge("s", "gone", PurgeScope.KEY_AND_ROWS);
        engine.start("o", engine.create("o", PASS, Kept.OPEN), "r", "3");
        engine.purge("o", "r", PurgeScope.ROWS_ONLY);
    }

    private static void take(RecordedEngine engine, MemoryLog log, LogTopic topic, String name, int partitions) {
        for (var partition = 0; partition < partitions; partition++) {
            log.of(topic, partition);
        }
        for (var record : engine.records(name)) {
            var key = new String(record.key(), java.nio.charset.StandardCharsets.UTF_8);
            var partition = partitions == 1 ? 0 : Topics.partitionOf(key, partitions);
            var before = log.of(topic, partition);
            // A transaction's marker takes an offset of its own.
            var offset = before.isEmpty() ? 0 : before.getLast().offset() + 1 + before.size() % 2;
            log.add(topic, logRecord(partition, offset, record));
        }
    }

    private static LogRecord logRecord(int partition, long offset, TestRecord<byte[], byte[]> record) {
        return new LogRecord(
                partition,
                offset,
                record.timestamp() == null ? 0 : record.timestamp(),
                Optional.of(Bytes.wrap(record.key())),
                Optional.ofNullable(record.value()).map(Bytes::wrap),
                StreamSupport.stream(record.headers().spliterator(), false)
                        .map(header -> new LogHeader(
                                header.key(),
                                Optional.ofNullable(header.value()).map(Bytes::wrap)))
                        .toList());
    }

    /** Has what there is now signed. */
    void checkpoint() {
        var codec = new RecordCodec(log.registry);
        var sent = new ArrayList<LogRecord>();
        var verifier = scope.checkpoints().orElseThrow();
        new Checkpointer(
                        log, signer, verifier, InstantSource.fixed(Instant.EPOCH.plusSeconds(1)), (key, checkpoint) -> {
                            var offset = log.of(LogTopic.CHECKPOINTS, 0).size() + sent.size();
                            sent.add(new LogRecord(
                                    0,
                                    offset,
                                    0,
                                    Optional.of(Bytes.wrap(key)),
                                    Optional.of(Bytes.wrap(Checkpointer.encode(codec, checkpoint))),
                                    List.of()));
                        })
                .run();
        sent.forEach(checkpoint -> log.add(LogTopic.CHECKPOINTS, checkpoint));
        assertThat(sent).isNotEmpty();
    }
}
