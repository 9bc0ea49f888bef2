package io.stepstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.export.HistoryExport;
import io.stepstream.audit.export.HistoryExport.Format;
import io.stepstream.audit.log.ExportedLog;
import io.stepstream.audit.log.LogExport;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.audit.report.Approval;
import io.stepstream.audit.report.ApprovalReport;
import io.stepstream.audit.show.ExecutionAt;
import io.stepstream.audit.show.Moment;
import io.stepstream.audit.show.Snapshot;
import io.stepstream.audit.whatif.Verdict;
import io.stepstream.audit.whatif.WhatIf;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose execution is sealed: what can be told without its key, and with it. */
class SealedLogTest {
    private static final String DEFINITION = """
        {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Parameters": {"FunctionName": "ask", "Payload.$": "$"}, "TimeoutSeconds": 60, "End": true}}}
        """;
    private static final String ARN = Arns.DEFAULT.execution("sealed", "one");

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final RecordCodec codec = new RecordCodec(log.registry);
    private final MasterKeys masterKeys = MasterKeys.generate();
    private final ExecutionKey key = ExecutionKey.generate(Arns.executionId(ARN));
    private final Recorder recorder = new Recorder(1, log.registry, Limits.DEFAULT, this::add);
    private final Recorder.Run run = recorder.start(
            recorder.deploy("sealed", DEFINITION, Set.of()), "one", Document.ofTrusted("{\"name\":\"Amira\"}"));

    private void add(LogTopic topic, LogRecord record) {
        log.add(topic, topic == LogTopic.HISTORY ? sealed(record) : record);
    }

    private LogRecord sealed(LogRecord record) {
        try {
            var plain = codec.decode(record.value().orElseThrow().get(), HistoryRecord.class);
            return with(record, codec.encode(Topics.HISTORY, SealedRecords.seal(plain, key)));
        } catch (Undecodable e) {
            throw new AssertionError(e);
        }
    }

    private static LogRecord with(LogRecord record, byte[] value) {
        return new LogRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                Optional.of(Bytes.wrap(value)),
                List.of());
    }

    @BeforeEach
    void keepTheKey() {
        log.add(
                LogTopic.KEYS,
                new LogRecord(
                        0,
                        0,
                        0,
                        Optional.of(Bytes.wrap(key.executionId().getBytes(UTF_8))),
                        Optional.of(Bytes.wrap(codec.encode(Topics.KEYS, masterKeys.wrap(key)))),
                        List.of()));
    }

    private Snapshot show(Optional<MasterKeys> with) {
        return new ExecutionAt(log, with, ARN).at(new Moment.Latest());
    }

    @Test
    void withoutItsKeyTheRecordsAloneAreTold() {
        var shown = show(Optional.empty());

        assertThat(shown.notes()).singleElement().asString().contains("sealed");
        assertThat(shown.frames()).isEmpty();
        assertThat(shown.inStates()).containsExactly("Ask");
        assertThat(shown.input().orElseThrow().asText()).isEqualTo(ShownPayloads.SEALED);
        assertThat(shown.tasks()).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("ask");
            assertThat(task.input().asText()).isEqualTo(ShownPayloads.SEALED);
            assertThat(task.timeout()).contains(Recorder.START.plusSeconds(60));
        });
    }

    @Test
    void withItsKeyItIsShown() {
        var shown = show(Optional.of(masterKeys));

        assertThat(shown.notes()).isEmpty();
        assertThat(shown.input().orElseThrow()).hasToString("{\"name\":\"Amira\"}");
        assertThat(shown.frames().orElseThrow().state()).isEqualTo("Ask");
    }

    private String exported(Format format, Optional<MasterKeys> opening) throws IOException {
        var out = new ByteArrayOutputStream();
        HistoryExport.write(log, opening, HistorySelection.ALL, format, out);
        return out.toString(UTF_8);
    }

    @Test
    void anExportOpensItWithItsKeyUnlessItIsNotTo() throws IOException {
        for (var format : List.of(Format.JSONL, Format.CSV)) {
            assertThat(exported(format, Optional.of(masterKeys)))
                    .contains("Ask", "Amira")
                    .doesNotContain(ShownPayloads.SEALED);
            for (var opening : List.of(
                    Optional.<MasterKeys>empty(), Optional.of(MasterKeys.none()), Optional.of(MasterKeys.generate()))) {
                assertThat(exported(format, opening))
                        .contains("Ask", ShownPayloads.SEALED)
                        .doesNotContain("Amira", ShownPayloads.PURGED);
            }
        }
    }

    @Test
    void anExportSaysWhatIsPurged() throws IOException {
        log.add(
                LogTopic.KEYS,
                new LogRecord(
                        0,
                        1,
                        0,
                        Optional.of(Bytes.wrap(key.executionId().getBytes(UTF_8))),
                        Optional.empty(),
                        List.of()));
        for (var format : List.of(Format.JSONL, Format.CSV)) {
            assertThat(exported(format, Optional.of(masterKeys)))
                    .contains("Ask", ShownPayloads.PURGED)
                    .doesNotContain("Amira", ShownPayloads.SEALED);
        }
    }

    private Approval decision(Optional<MasterKeys> opening) {
        return ApprovalReport.read(log, opening, HistorySelection.ALL, Recorder.START)
                .approvals()
                .getFirst();
    }

    @Test
    void aReportOpensCommentsWithTheirKey() {
        run.complete(
                run.open.keySet().iterator().next(),
                Document.ofTrusted("{\"decision\":\"DENIED\",\"comment\":\"too dear\",\"decidedBy\":\"Ines\","
                        + "\"decidedAt\":\"2026-01-01T00:00:00Z\"}"));

        var told = decision(Optional.of(masterKeys));
        assertThat(told.outcome()).isEqualTo(Approval.Outcome.DENIED);
        assertThat(told.comment()).isEqualTo("too dear");
        assertThat(ApprovalReport.read(log, Optional.empty(), HistorySelection.ALL, Recorder.START)
                        .toString())
                .doesNotContain("too dear", "Ines");
    }

    @Test
    void aFileOpensItIfItHasTheKeys(@TempDir Path folder) throws IOException {
        for (var keys : LogExport.Keys.values()) {
            var file = folder.resolve(keys.name());
            LogExport.write(log, file, keys);
            try (var exported = new ExportedLog(file)) {
                var shown = new ExecutionAt(exported, Optional.of(masterKeys), ARN).at(new Moment.Latest());
                assertThat(shown.input().orElseThrow().toString())
                        .isEqualTo(
                                switch (keys) {
                                    case INCLUDED -> "{\"name\":\"Amira\"}";
                                    case LEFT_OUT -> '"' + ShownPayloads.SEALED + '"';
                                });
            }
        }
    }

    @Test
    void whatIfTakesTheKeyToTell() {
        run.complete(run.open.keySet().iterator().next(), Document.ofTrusted("1"));
        var selection = new HistorySelection(Optional.empty(), Optional.empty(), Optional.of("sealed"));

        assertThat(WhatIf.run(log, Optional.of(masterKeys), selection, DEFINITION, 10)
                        .same())
                .isEqualTo(1);
        assertThat(WhatIf.run(log, Optional.empty(), selection, DEFINITION, 10).groups())
                .singleElement()
                .satisfies(group -> assertThat(group.first())
                        .isInstanceOfSatisfying(
                                Verdict.CannotTell.class,
                                why -> assertThat(why.reason()).isEqualTo(Verdict.Reason.SEALED)));
    }
}
