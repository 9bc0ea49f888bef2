package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.FrameRow;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Barrier;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Decided;
import io.stepstream.schemas.avro.Denial;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the engine does around the interpreter, on a test driver. */
class EngineTest {
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "TimeoutSeconds": 60,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";
    private static final String BEATING = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "HeartbeatSeconds": 10,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";

    private final EngineUnderTest engine = new EngineUnderTest();

    @AfterEach
    void close() {
        engine.close();
    }

    private TaskRequest waitingTask(String definition) {
        engine.taskTopics.add("work");
        var revision = engine.create("machine", definition);
        engine.start("machine", revision, "run", "{}");
        assertThat(engine.read(Topics.VERDICTS, Verdict.class))
                .extracting(Verdict::getRefusal)
                .containsOnlyNulls();
        return engine.request("work");
    }

    private static TaskSucceeded done(String json) {
        return new TaskSucceeded(Payloads.of(json));
    }

    private ExecutionStatus status() {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast();
    }

    private List<String> deadLetters() {
        return engine.read(Topics.DEAD_LETTERS, DeadLetter.class).stream()
                .map(DeadLetter::getError)
                .toList();
    }

    @Test
    void theSameDefinitionAgainIsAcceptedAndAnotherIsNot() {
        engine.taskTopics.add("work");
        var revision = engine.create("machine", WORK);
        assertThat(engine.verdict().getRevision()).isEqualTo(revision);
        engine.create("machine", WORK);
        assertThat(engine.verdict().getRevision()).isEqualTo(revision);
        engine.create("machine", BEATING);
        assertThat(engine.refusal()).contains("STATE_MACHINE_ALREADY_EXISTS");
    }

    @Test
    void aDefinitionThatIsNoneIsRefusedWithEveryFinding() {
        engine.create("machine", "{\"StartAt\": \"A\", \"States\": {\"B\": {\"Type\": \"Pass\"}}}");
        var verdict = engine.verdict();
        assertThat(verdict.getRefusal()).isEqualTo("INVALID_DEFINITION");
        assertThat(verdict.getMessage()).contains("StartAt").contains("States");
        assertThat(engine.size(EngineTopology.ROWS)).isZero();
    }

    @Test
    void aCreateWaitsForItsTaskTopics() {
        engine.create("machine", WORK);
        engine.advance(Duration.ofSeconds(1));
        assertThat(engine.read(Topics.VERDICTS, Verdict.class)).isEmpty();
        engine.taskTopics.add("work");
        engine.advance(Duration.ofSeconds(2));
        assertThat(engine.refusal()).isEmpty();
    }

    @Test
    void aCreateWhoseTaskTopicsDoNotComeIsRefused() {
        engine.create("machine", WORK);
        engine.advance(Duration.ofSeconds(12));
        assertThat(engine.refusal()).contains("TASK_TOPIC_MISSING");
        assertThat(engine.size(EngineTopology.ROWS)).isZero();
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
    }

    @Test
    void aStartBeforeItsDefinitionWaitsForIt() {
        engine.start("machine", EngineUnderTest.revision(WORK), "run", "{}");
        engine.advance(Duration.ofMillis(500));
        engine.taskTopics.add("work");
        engine.create("machine", WORK);
        engine.advance(Duration.ofSeconds(1));
        assertThat(engine.read(Topics.VERDICTS, Verdict.class))
                .hasSize(2)
                .extracting(Verdict::getRefusal)
                .containsOnlyNulls();
        assertThat(engine.request("work").getName()).isEqualTo("work");
    }

    @Test
    void aStartOfNoStateMachineIsRefusedAfterTenSeconds() {
        engine.start("machine", EngineUnderTest.revision(WORK), "run", "{}");
        engine.advance(Duration.ofSeconds(12));
        assertThat(engine.refusal()).contains("STATE_MACHINE_DOES_NOT_EXIST");
        assertThat(engine.size(EngineTopology.ROWS)).isZero();
    }

    @Test
    void aRepeatedRequestGetsTheFirstVerdict() {
        engine.taskTopics.add("work");
        var revision = engine.create("machine", WORK);
        var arn = Arns.DEFAULT.execution("machine", "run");
        for (var input : List.of("1", "2")) {
            var caller = Caller.newBuilder(engine.caller()).setRequestId("same").build();
            var start = new StartExecution(
                    arn, "run", Arns.DEFAULT.stateMachine("machine"), revision, Payloads.of(input), null, null, false);
            engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(caller, start));
        }
        assertThat(engine.read(Topics.VERDICTS, Verdict.class))
                .hasSize(3)
                .extracting(Verdict::getRefusal)
                .containsOnlyNulls();
        engine.start("machine", revision, "run", "3");
        assertThat(engine.refusal()).contains("EXECUTION_ALREADY_EXISTS");
    }

    @Test
    void malformedRecordsAreGivenUpAndThePartitionGoesOn() {
        var request = waitingTask(WORK);
        var garbage = "no record".getBytes(StandardCharsets.UTF_8);
        for (var topic : List.of(Topics.COMMANDS, Topics.TASK_RESULTS, Topics.INTERNAL)) {
            engine.send(topic, request.getExecutionId(), garbage);
            engine.send(topic, request.getExecutionId(), new byte[0]);
        }
        assertThat(deadLetters())
                .containsExactly(
                        "MalformedCommand",
                        "MalformedCommand",
                        "MalformedResult",
                        "MalformedResult",
                        "MalformedInternal",
                        "MalformedInternal");
        engine.answer(request, done("1"));
        assertThat(status().getStatus()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aResultThatBreaksOffAfterAGoodTokenFailsItsTask() {
        var request = waitingTask(WORK);
        var whole = engine.codec.encode(Topics.TASK_RESULTS, engine.result(request.getToken(), done("\"12345678\"")));
        engine.send(Topics.TASK_RESULTS, request.getExecutionId(), Arrays.copyOf(whole, whole.length - 4));
        assertThat(status().getError()).isEqualTo(ResultInput.MALFORMED);
        assertThat(deadLetters()).containsExactly("MalformedResult");
    }

    @Test
    void aResultWhoseOutputIsNoJsonFailsItsTask() {
        var request = waitingTask(WORK);
        engine.answer(request, done("{\"a\":"));
        assertThat(status().getError()).isEqualTo(ResultInput.MALFORMED);
        assertThat(engine.refusal()).contains("INVALID_OUTPUT");
    }

    @Test
    void forgedForeignTruncatedAndBorrowedTokensChangeNothing() {
        var request = waitingTask(WORK);
        var token = request.getToken();
        var forged = token.substring(0, 50) + (token.charAt(50) == 'A' ? 'B' : 'A') + token.substring(51);
        var foreign = TokenKeys.generate().sign(token());
        for (var bad : List.of(forged, foreign, token.substring(0, 40), "", "no token")) {
            engine.send(Topics.TASK_RESULTS, request.getExecutionId(), engine.result(bad, done("1")));
            assertThat(engine.refusal()).as(bad).contains("INVALID_TOKEN");
        }
        engine.send(Topics.TASK_RESULTS, "another execution", engine.result(token, done("1")));
        assertThat(engine.refusal()).contains("INVALID_TOKEN");
        assertThat(deadLetters()).hasSize(6).containsOnly("INVALID_TOKEN");
        engine.answer(request, done("1"));
        assertThat(status().getStatus()).isEqualTo("SUCCEEDED");
    }

    private static TaskToken token() {
        return new TaskToken("0".repeat(32), 1, "0".repeat(16));
    }

    private static Decided decided(String decision, String comment, String by) {
        return Decided.newBuilder()
                .setDecision(decision)
                .setComment(comment)
                .setDecidedBy(by)
                .build();
    }

    @Test
    void aDecisionIsTheOutputWithItsFieldsOrTheCauseOfAFailure() {
        var asked = waitingTask(WORK);
        var fields = Decided.newBuilder(decided("DENIED", "no", "eve"))
                .setFields("{\"centre\":7}")
                .build();
        engine.send(
                Topics.TASK_RESULTS,
                asked.getExecutionId(),
                engine.result(
                        asked.getToken(),
                        Decided.newBuilder(fields).setFields("[1]").build()));
        assertThat(engine.refusal()).contains("VALIDATION");
        engine.send(
                Topics.TASK_RESULTS,
                asked.getExecutionId(),
                engine.result(
                        asked.getToken(),
                        Decided.newBuilder(fields).setDenial(Denial.FAILS).build()));
        assertThat(engine.refusal()).isEmpty();
        var status = status();
        assertThat(status.getStatus()).isEqualTo("FAILED");
        assertThat(status.getError()).isEqualTo("Approval.Denied");
        assertThat(status.getCause())
                .startsWith(
                        "{\"decision\":\"DENIED\",\"comment\":\"no\",\"fields\":{\"centre\":7},\"decidedBy\":\"eve\",\"decidedAt\":");
    }

    @Test
    void aLinkDecidesAsItWasMadeToAndNotAfterItsTime() {
        var request = waitingTask(WORK);
        var expires = engine.now().plusSeconds(5);
        var link = ApprovalLink.make(
                request.getToken(),
                new Caveats(Caveats.Decision.APPROVED, Optional.of(expires), Optional.of("ann@example.org")));
        engine.send(Topics.TASK_RESULTS, request.getExecutionId(), engine.result(link, decided("DENIED", "", "")));
        assertThat(engine.refusal()).contains("INVALID_TOKEN");
        engine.send(Topics.TASK_RESULTS, request.getExecutionId(), engine.result(link, done("1")));
        assertThat(engine.refusal()).contains("INVALID_TOKEN");
        engine.send(
                Topics.TASK_RESULTS,
                request.getExecutionId(),
                engine.result(link, decided("APPROVED", "fine", "somebody")));
        assertThat(engine.refusal()).isEmpty();
        assertThat(Payloads.json(status().getOutput()))
                .contains(
                        "\"decision\":\"APPROVED\"",
                        "\"fields\":{}",
                        "\"comment\":\"fine\"",
                        "\"decidedBy\":\"ann@example.org\"");
        var use = engine.read(Topics.HISTORY, HistoryRecord.class).getLast().getLink();
        assertThat(use.getApprover()).isEqualTo("ann@example.org");
        engine.forward(Duration.ofSeconds(6));
        engine.send(Topics.TASK_RESULTS, request.getExecutionId(), engine.result(link, decided("APPROVED", "", "")));
        assertThat(engine.refusal()).contains("LINK_EXPIRED");
    }

    @Test
    void anAnswerAppendedBeforeTheDeadlineWinsEvenIfItIsReadAfterIt() {
        var request = waitingTask(WORK);
        var appended = engine.now().plusSeconds(59);
        // The clock jumps: the engine was down when the deadline passed, and finds the answer and the due timer
        // together.
        engine.forward(Duration.ofSeconds(70));
        engine.sendAt(
                appended, Topics.TASK_RESULTS, request.getExecutionId(), engine.result(request.getToken(), done("1")));
        engine.tick();
        assertThat(engine.refusal()).isEmpty();
        assertThat(status().getStatus()).isEqualTo("SUCCEEDED");
    }

    @Test
    void anAnswerAppendedAfterTheDeadlineIsLateEvenIfItIsReadFirst() {
        var request = waitingTask(WORK);
        engine.sendAt(
                engine.now().plusSeconds(61),
                Topics.TASK_RESULTS,
                request.getExecutionId(),
                engine.result(request.getToken(), done("1")));
        assertThat(engine.refusal()).contains("TASK_TIMED_OUT");
        engine.advance(Duration.ofSeconds(62));
        assertThat(status().getError()).isEqualTo("States.Timeout");
    }

    @Test
    void aBarrierThatIsNotOursFiresNothing() {
        var request = waitingTask(WORK);
        var barrier = new Barrier(0, ByteBuffer.wrap(new byte[16]), 1L);
        engine.sendAt(engine.now().plusSeconds(100), Topics.TASK_RESULTS, "", engine.result("", barrier));
        assertThat(deadLetters()).containsExactly("ForgedBarrier");
        engine.answer(request, done("1"));
        assertThat(status().getStatus()).isEqualTo("SUCCEEDED");
    }

    @Test
    void heartbeatsPutTheDeadlineOffAndMakeNoRecord() {
        var request = waitingTask(BEATING);
        engine.readBytes(Topics.HISTORY);
        for (var i = 0; i < 5; i++) {
            engine.advance(Duration.ofSeconds(8));
            engine.answer(request, new TaskHeartbeat());
            assertThat(engine.refusal()).isEmpty();
        }
        assertThat(engine.readBytes(Topics.HISTORY)).isEmpty();
        engine.advance(Duration.ofSeconds(11));
        assertThat(status().getError()).isEqualTo("States.Timeout");
        assertThat(engine.timersButSweeps()).isZero();
    }

    @Test
    void theHistoryIsAChainFromWhichNothingCanBeTaken() {
        var request = waitingTask(WORK);
        engine.answer(request, new TaskFailed("Boom", "why"));
        var stored = engine.readBytes(Topics.HISTORY);
        assertThat(stored).hasSize(2);
        var previous = "";
        var number = 0L;
        for (var bytes : stored) {
            var step = engine.decode(bytes, HistoryRecord.class);
            assertThat(step.getStep()).isEqualTo(++number);
            assertThat(hex(step.getPreviousHash())).isEqualTo(previous);
            assertThat(step.getEffectsDigest().remaining()).isEqualTo(32);
            previous = Hashes.sha256(bytes);
        }
        assertThat(engine.decode(stored.getFirst(), HistoryRecord.class)
                        .getTokens()
                        .getFirst()
                        .getToken())
                .isEqualTo(request.getToken());
        assertThat(engine.decode(stored.getFirst(), HistoryRecord.class).getPayloads())
                .hasSize(1);
    }

    private static String hex(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aBugInTheInterpreterEndsOneExecutionOnly() {
        var request = waitingTask(WORK);
        var id = request.getExecutionId();
        engine.put(RowKeys.execution(id), inNoState(RowCodec.execution(engine.get(RowKeys.execution(id)))));
        engine.answer(request, done("1"));
        assertThat(engine.refusal()).contains("INTERNAL_ERROR");
        var status = status();
        assertThat(status.getStatus()).isEqualTo("FAILED");
        assertThat(status.getError()).isEqualTo("Stepstream.InternalError");
        assertThat(deadLetters()).containsExactly("Stepstream.InternalError");
        engine.start("machine", EngineUnderTest.revision(WORK), "other", "{}");
        engine.answer(engine.request("work"), done("2"));
        assertThat(status().getStatus()).isEqualTo("SUCCEEDED");
    }

    /** An execution that no interpreter can go on with. */
    static byte[] inNoState(PackedExecution packed) {
        var root = packed.root().orElseThrow();
        var nowhere = new FrameRow(
                root.path(),
                "Nowhere",
                root.data(),
                root.variables(),
                root.phase(),
                root.previousEventId(),
                root.enteredEventId(),
                root.entered(),
                root.retries(),
                root.item());
        return RowCodec.encode(
                new PackedExecution(packed.execution(), Optional.of(nowhere), packed.rootWait(), packed.chain()));
    }

    @Test
    void whileTheRegistryIsAwayRecordsWaitInOrder() {
        engine.registry.away = true;
        engine.taskTopics.add("work");
        var revision = engine.create("machine", WORK);
        engine.start("machine", revision, "run", "{}");
        engine.advance(Duration.ofSeconds(1));
        assertThat(engine.size(EngineTopology.PARKED)).isEqualTo(2);
        assertThat(engine.readiness.obstacles()).hasSize(1);
        engine.registry.away = false;
        engine.advance(Duration.ofSeconds(1));
        // The start comes before its definition has been read back, and is tried again.
        engine.advance(Duration.ofSeconds(1));
        assertThat(engine.size(EngineTopology.PARKED)).isZero();
        assertThat(engine.readiness.obstacles()).isEmpty();
        assertThat(engine.read(Topics.VERDICTS, Verdict.class))
                .hasSize(2)
                .extracting(Verdict::getRefusal)
                .containsOnlyNulls();
        assertThat(engine.request("work").getName()).isEqualTo("work");
    }

    @Test
    void anExecutionWithOneCursorIsOneRow() {
        waitingTask(WORK);
        // The state machine, and the execution with its root and its input, which is small (ADR 0016).
        assertThat(engine.size(EngineTopology.ROWS)).isEqualTo(2);
        assertThat(engine.size(EngineTopology.TIMERS)).isEqualTo(1);
    }

    @Test
    void aTaskResultIsForItsExecutionOnlyWhenItIsAnAnswerToIt() {
        var request = waitingTask(WORK);
        engine.answer(request, done("1"));
        assertThat(engine.refusal()).isEmpty();
        engine.answer(request, done("2"));
        assertThat(engine.refusal()).contains("TASK_TIMED_OUT");
        assertThat(engine.read(Topics.TASK_RESULTS, TaskResult.class)).isEmpty();
    }
}
