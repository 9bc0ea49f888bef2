package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PurgeScope;
import io.stepstream.schemas.avro.Purged;
import io.stepstream.schemas.avro.PurgedBy;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Purging closed executions, on a test driver. */
class PurgeTest {
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "TimeoutSeconds": 60,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";

    private final EngineUnderTest engine = new EngineUnderTest(new Sealing(MasterKeys.generate(), List.of("sealed")));

    PurgeTest() {
        engine.taskTopics.add("work");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private TaskRequest started(String machine) {
        engine.start(machine, engine.create(machine, WORK), "run", "{\"secret\": 1}");
        return engine.request("work");
    }

    private String closed(String machine) {
        var request = started(machine);
        engine.answer(request, new TaskSucceeded(Payloads.of("2")));
        return request.getExecutionId();
    }

    private void purge(String machine, PurgeScope scope) {
        var arn = Arns.DEFAULT.execution(machine, "run");
        var by = Caller.newBuilder(engine.caller()).setPrincipal("dana").build();
        engine.send(
                Topics.COMMANDS,
                Arns.executionId(arn),
                new Command(by, new PurgeExecution(arn, scope, "asked to be forgotten")));
    }

    private ExecutionStatus status() {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast();
    }

    @Test
    void aPurgeDestroysTheKeyAndTheRowsAndSaysWhoAndWhen() {
        var id = closed("sealed");
        var history = engine.readBytes(Topics.HISTORY);
        var last = history.getLast();
        var keyId =
                SealedRecords.keyId(engine.decode(last, HistoryRecord.class)).orElseThrow();
        assertThat(engine.key(id, keyId)).isInstanceOf(KeyLookup.Found.class);

        engine.advance(Duration.ofMinutes(1));
        purge("sealed", PurgeScope.KEY_AND_ROWS);

        assertThat(engine.refusal()).isEmpty();
        assertThat(engine.key(id, keyId)).isInstanceOf(KeyLookup.Absent.class);
        assertThat(engine.size(EngineTopology.DATA_KEYS)).isZero();
        var record = engine.read(Topics.HISTORY, HistoryRecord.class).getLast();
        assertThat(record.getCommand()).isEqualTo(new PurgedBy("KEY_AND_ROWS", "asked to be forgotten"));
        assertThat(record.getCaller().getPrincipal()).isEqualTo("dana");
        assertThat(record.getStep()).isEqualTo(history.size() + 1L);
        assertThat(HexFormat.of().formatHex(record.getPreviousHash().array())).isEqualTo(Hashes.sha256(last));
        var status = status();
        assertThat(status.getStatus()).isEqualTo("SUCCEEDED");
        assertThat(Objects.requireNonNull(status.getInput()).getContent())
                .isEqualTo(new Purged(record.getNow(), "dana"));
        var left = RowCodec.execution(engine.get(RowKeys.execution(id)));
        assertThat(left.root()).isEmpty();
        assertThat(left.execution().inputHash()).isEmpty();
        assertThat(left.chain().step()).isEqualTo(record.getStep());
        assertThat(engine.get(RowKeys.input(id))).isNull();
    }

    @Test
    void asOftenAsItIsAskedForItIsDoneOnce() {
        closed("sealed");
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        var first = engine.verdict();
        engine.read(Topics.HISTORY, HistoryRecord.class);
        engine.advance(Duration.ofMinutes(1));
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        purge("sealed", PurgeScope.ROWS_ONLY);
        assertThat(engine.verdict().getAt()).isEqualTo(first.getAt());
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class)).isEmpty();
    }

    @Test
    void aRunningExecutionIsNotPurged() {
        var request = started("sealed");
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        assertThat(engine.refusal()).contains("EXECUTION_NOT_CLOSED");
        engine.answer(request, new TaskSucceeded(Payloads.of("2")));
        assertThat(engine.refusal()).isEmpty();
    }

    @Test
    void anExecutionThatIsNotSealedLosesItsRowsIfThatIsAskedFor() {
        var id = closed("open");
        purge("open", PurgeScope.KEY_AND_ROWS);
        var verdict = engine.verdict();
        assertThat(verdict.getRefusal()).isEqualTo("EXECUTION_NOT_SEALED");
        assertThat(verdict.getMessage()).contains("ROWS_ONLY");
        purge("open", PurgeScope.ROWS_ONLY);
        assertThat(engine.refusal()).isEmpty();
        assertThat(engine.get(RowKeys.input(id))).isNull();
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class).getLast().getCommand())
                .isEqualTo(new PurgedBy("ROWS_ONLY", "asked to be forgotten"));
        purge("open", PurgeScope.KEY_AND_ROWS);
        assertThat(engine.refusal()).contains("EXECUTION_NOT_SEALED");
    }

    @Test
    void whatWasNeverThereCannotBePurged() {
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        assertThat(engine.refusal()).contains("EXECUTION_DOES_NOT_EXIST");
    }

    @Test
    void aPurgedExecutionAnswersAsAClosedOneAndKeepsItsName() {
        var request = started("sealed");
        engine.answer(request, new TaskSucceeded(Payloads.of("2")));
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        engine.answer(request, new TaskSucceeded(Payloads.of("3")));
        assertThat(engine.refusal()).isPresent();
        engine.start("sealed", EngineUnderTest.revision(WORK), "run", "{\"secret\": 1}");
        assertThat(engine.refusal()).contains("EXECUTION_ALREADY_EXISTS");
    }

    @Test
    void moreRowsThanOnePassDeletesGoInFurtherOnes() {
        var id = closed("sealed");
        var before = engine.size(EngineTopology.ROWS);
        for (var i = 0; i < 2500; i++) {
            engine.put(RowKeys.frame(id, "/" + i + "/"), new byte[] {'S', 1});
        }
        purge("sealed", PurgeScope.KEY_AND_ROWS);
        assertThat(engine.size(EngineTopology.ROWS)).isGreaterThan(1000);
        engine.advance(Duration.ofSeconds(1));
        // What was the packed execution and its input is now the packed execution and the mark.
        assertThat(engine.size(EngineTopology.ROWS)).isLessThanOrEqualTo(before + 1);
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
    }
}
