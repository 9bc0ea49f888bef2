package io.stepstream.orchestrator.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of what runs at once, as the shell keeps them: who waits, in which order, and what lets the next begin (ADR 0052). */
class LimitEngineTest {
    private static final String TASK = """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a",
              "TimeoutSeconds":60,"HeartbeatSeconds":30,"End":true}}}""";
    private static final String PLAIN = """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}}""";
    private static final String MACHINE = Arns.DEFAULT.stateMachine("machine");
    private static final String KEY = LimitKeys.task("a");

    private EngineUnderTest engine = new EngineUnderTest(1, Limits.DEFAULT);
    private final Map<String, TaskRequest> requests = new java.util.HashMap<>();
    private String revision = "";

    @AfterEach
    void stop() {
        engine.close();
    }

    private void create(String definition) {
        engine.taskTopics.add("a");
        revision = engine.create("machine", definition);
    }

    private static String arn(String name) {
        return Arns.DEFAULT.execution("machine", name);
    }

    private void start(String... names) {
        for (var name : names) {
            engine.start("machine", revision, name, "{}");
        }
    }

    private void send(String key, Object body) {
        engine.send(Topics.COMMANDS, key, new Command(engine.caller(), body));
        engine.tick();
    }

    private void limitTask(Integer max) {
        send(KEY, new LimitTask("a", max));
        assertThat(engine.refusal()).isEmpty();
    }

    private void removeTaskLimit() {
        send(KEY, new LimitTask("a", null));
        assertThat(engine.refusal()).isEmpty();
    }

    private void limitMachine(Integer max) {
        send(MACHINE, new LimitStateMachine(MACHINE, max));
        assertThat(engine.refusal()).isEmpty();
    }

    private void stop(String name) {
        send(Arns.executionId(arn(name)), new StopExecution(arn(name), null, null));
    }

    /** The executions whose requests have come since, in the order in which they have. */
    private List<String> asked() {
        var names = new ArrayList<String>();
        for (var request : engine.read(Topics.taskRequests("a"), TaskRequest.class)) {
            var arn = request.getExecutionArn();
            var name = arn.substring(arn.lastIndexOf(':') + 1);
            names.add(name);
            requests.put(name, request);
        }
        return names;
    }

    private TaskRequest request(String name) {
        return Objects.requireNonNull(requests.get(name), "the request of " + name);
    }

    private void answer(String name) {
        engine.answer(request(name), new TaskSucceeded(Payloads.of("{}")));
    }

    private record Counts(int running, int queued) {}

    private Counts counts(String key) {
        var row = engine.get(RowKeys.limit(Arns.executionId(key)));
        if (row == null) {
            return new Counts(0, 0);
        }
        var limit = OtherRows.limit(row);
        return new Counts(limit.getRunning(), limit.getQueued());
    }

    private String status(String name) {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).stream()
                .filter(status -> status.getName().equals(name))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .getStatus();
    }

    @Test
    void requestsBeyondTheLimitWaitAndAreSentInOrder() {
        create(TASK);
        limitTask(2);
        start("1", "2", "3", "4", "5");
        assertThat(asked()).containsExactly("1", "2");
        assertThat(counts(KEY)).isEqualTo(new Counts(2, 3));
        answer("2");
        assertThat(asked()).containsExactly("3");
        answer("1");
        answer("3");
        assertThat(asked()).containsExactly("4", "5");
        answer("5");
        answer("4");
        assertThat(counts(KEY)).isEqualTo(new Counts(0, 0));
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
    }

    /** What ends a task that is out. */
    enum Ending {
        ANSWER,
        FAILURE,
        TIMEOUT,
        HEARTBEAT,
        STOP
    }

    private void end(Ending how, String name) {
        switch (how) {
            case ANSWER -> answer(name);
            case FAILURE -> engine.answer(request(name), new TaskFailed("Broken", null));
            case TIMEOUT -> engine.advance(Duration.ofSeconds(32));
            case HEARTBEAT -> engine.advance(Duration.ofSeconds(2));
            case STOP -> stop(name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverEndsATaskLetsTheNextBegin(Ending how) {
        create(how == Ending.TIMEOUT ? TASK.replace("\"HeartbeatSeconds\":30,", "") : TASK);
        limitTask(1);
        start("1");
        assertThat(asked()).containsExactly("1");
        if (how == Ending.TIMEOUT || how == Ending.HEARTBEAT) {
            // The one that waits is asked for later, so that its own time is not over.
            engine.forward(Duration.ofSeconds(29));
        }
        start("2");
        end(how, "1");
        assertThat(asked()).containsExactly("2");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    /** Its time counts from when it was asked for, not from when it is sent. */
    @Test
    void whatEndsBeforeItsTurnLeavesTheQueue() {
        create(PLAIN.replace("\"End\"", "\"TimeoutSeconds\":60,\"End\""));
        limitTask(1);
        start("1", "2", "3", "4");
        assertThat(asked()).containsExactly("1");
        stop("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 2));
        engine.forward(Duration.ofSeconds(50));
        start("5");
        engine.advance(Duration.ofSeconds(11));
        // Those before have all timed out, one of them while it was out.
        assertThat(asked()).endsWith("5").doesNotContain("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    @Test
    void aRaisedLimitLetsMoreBeginAndALowerOneNone() {
        create(TASK);
        limitTask(1);
        start("1", "2", "3", "4", "5", "6");
        asked();
        limitTask(3);
        assertThat(asked()).containsExactly("2", "3");
        limitTask(1);
        answer("1");
        answer("2");
        assertThat(asked()).isEmpty();
        answer("3");
        assertThat(asked()).containsExactly("4");
    }

    @Test
    void aRemovedLimitLetsAllBegin() {
        create(PLAIN);
        limitTask(1);
        var many = 2 * LimitHomes.AT_ONCE + 5;
        for (var i = 0; i <= many; i++) {
            start("n" + i);
        }
        assertThat(asked()).containsExactly("n0");
        removeTaskLimit();
        engine.tick();
        var names = asked();
        assertThat(names).hasSize(many).startsWith("n1", "n2", "n3").endsWith("n" + many);
        // Those that were counted give back their turns still, and nothing is left.
        names.forEach(this::answer);
        answer("n0");
        assertThat(engine.get(RowKeys.limit(Arns.executionId(KEY)))).isNull();
        assertThat(engine.get(RowKeys.limitMark(Arns.executionId(KEY)))).isNull();
    }

    @Test
    void aLimitCountsWhatHasAskedSinceItWasSet() {
        create(TASK);
        start("before");
        limitTask(1);
        start("1", "2");
        assertThat(asked()).containsExactly("before", "1");
        answer("before");
        assertThat(asked()).isEmpty();
        // Removed and set again it knows of those that have asked it.
        removeTaskLimit();
        assertThat(asked()).containsExactly("2");
        start("free");
        assertThat(asked()).containsExactly("free");
        limitTask(2);
        start("3");
        assertThat(asked()).isEmpty();
        answer("1");
        assertThat(asked()).containsExactly("3");
    }

    @Test
    void whatIsNotLimitedTellsNobody() {
        create(TASK);
        limitTask(1);
        removeTaskLimit();
        engine.read(Topics.INTERNAL, Internal.class);
        start("1");
        assertThat(asked()).containsExactly("1");
        answer("1");
        assertThat(engine.read(Topics.INTERNAL, Internal.class)).isEmpty();
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class)).allSatisfy(record -> {
            assertThat(record.getLimited()).isEmpty();
            assertThat(record.getStateMachineLimited()).isFalse();
        });
    }

    @Test
    void startsBeyondTheLimitAreAcceptedAndBeginInOrder() {
        create(TASK);
        limitMachine(2);
        start("1", "2", "3", "4");
        assertThat(engine.read(Topics.VERDICTS, io.stepstream.schemas.avro.Verdict.class))
                .hasSize(4)
                .allSatisfy(verdict -> assertThat(verdict.getRefusal()).isNull());
        assertThat(status("4")).isEqualTo("RUNNING");
        assertThat(asked()).containsExactly("1", "2");
        answer("2");
        assertThat(asked()).containsExactly("3");
        stop("4");
        answer("1");
        assertThat(asked()).isEmpty();
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));
        // Redriven it asks again, and it is its turn.
        send(Arns.executionId(arn("4")), new RedriveExecution(arn("4")));
        assertThat(asked()).containsExactly("4");
        answer("3");
        answer("4");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(0, 0));
    }

    @Test
    void bothLimitsHold() {
        create(TASK);
        limitMachine(3);
        limitTask(2);
        start("1", "2", "3", "4");
        assertThat(asked()).containsExactly("1", "2");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(3, 1));
        answer("1");
        assertThat(asked()).containsExactly("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(2, 1));
    }

    @Test
    void aLimitIsShownAndOutlivesADeletion() {
        create(TASK);
        limitMachine(2);
        assertThat(machine().getMaxConcurrentExecutions()).isEqualTo(2);
        send(MACHINE, new io.stepstream.schemas.avro.DeleteStateMachine(MACHINE));
        revision = engine.create("machine", TASK);
        assertThat(machine().getMaxConcurrentExecutions()).isEqualTo(2);
        send(MACHINE, new LimitStateMachine(MACHINE, null));
        assertThat(machine().getMaxConcurrentExecutions()).isNull();
    }

    private StateMachineResource machine() {
        return engine.read(Topics.DEFINITIONS, Definition.class).stream()
                .map(Definition::getBody)
                .filter(StateMachineResource.class::isInstance)
                .map(StateMachineResource.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** A Map run's children are of their parent's state machine: they would wait for a turn that it has. */
    @Test
    void childrenCountButForThoseOfAMapRun() {
        engine.taskTopics.add("a");
        revision = engine.create("machine", """
                {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
                  "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                  "StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}}}}}""");
        limitMachine(1);
        engine.start("machine", revision, "map", "[1,2,3]");
        engine.tick();
        assertThat(asked()).hasSize(3);
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));

        var child = Arns.DEFAULT.stateMachine("child");
        engine.create("child", PLAIN);
        send(child, new LimitStateMachine(child, 1));
        var parents = engine.create("parent", """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[%s,%s]}}}""".formatted(calling("x"), calling("y")));
        engine.start("parent", parents, "run", "{}");
        engine.tick();
        assertThat(asked()).containsExactly("x");
        assertThat(counts(child)).isEqualTo(new Counts(1, 1));
        answer("x");
        assertThat(asked()).containsExactly("y");
    }

    private static String calling(String name) {
        return """
            {"StartAt":"%1$s","States":{"%1$s":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
              "Parameters":{"StateMachineArn":"%2$s","Name":"%1$s","Input":{}},"End":true}}}""".formatted(name, Arns.DEFAULT.stateMachine("child"));
    }

    /** Its rows stay for us to look at, and nobody knows what it has asked for: it keeps no turn. */
    @Test
    void aQuarantinedExecutionKeepsNoTurn() {
        create(TASK);
        limitMachine(1);
        limitTask(1);
        start("1", "2");
        assertThat(asked()).containsExactly("1");
        var id = Arns.executionId(arn("1"));
        engine.put(RowKeys.execution(id), withoutRoot(engine.get(RowKeys.execution(id))));
        stop("1");
        assertThat(status("1")).isEqualTo("FAILED");
        assertThat(asked()).containsExactly("2");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    /** What the interpreter must fail at. */
    private static byte[] withoutRoot(byte[] row) {
        var packed = RowCodec.execution(row);
        return RowCodec.encode(new PackedExecution(
                packed.execution(),
                Optional.empty(),
                packed.rootWait(),
                packed.chain(),
                packed.input(),
                packed.trace()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a             | 0       | VALIDATION",
                "a             | 1000001 | VALIDATION",
                "with a blank  | 1       | VALIDATION",
                "a             | 1000000 | ",
            })
    void whatIsNoLimitIsRefused(String name, int max, String refusal) {
        send(LimitKeys.task(name), new LimitTask(name, max));
        assertThat(engine.refusal().orElse(null)).isEqualTo(refusal);
    }

    @Test
    void aStateMachineThatIsNotThereIsRefused() {
        send(MACHINE, new LimitStateMachine(MACHINE, 1));
        assertThat(engine.refusal()).contains("STATE_MACHINE_DOES_NOT_EXIST");
    }

    @Test
    void thereAreSoManyLimitsAtMost() {
        for (var i = 0; i < LimitHomes.MOST; i++) {
            engine.send(
                    Topics.COMMANDS, LimitKeys.task("t" + i), new Command(engine.caller(), new LimitTask("t" + i, 1)));
        }
        engine.read(Topics.VERDICTS, io.stepstream.schemas.avro.Verdict.class);
        send(KEY, new LimitTask("a", 1));
        assertThat(engine.refusal()).contains("SERVICE_QUOTA_EXCEEDED");
        send(LimitKeys.task("t0"), new LimitTask("t0", 2));
        assertThat(engine.refusal()).isEmpty();
    }

    /** The request's payload waits in another partition than its execution's. */
    @Test
    void aSealedRequestWaitsSealed() {
        engine.close();
        engine = new EngineUnderTest(new Sealing(MasterKeys.generate(), List.of()));
        engine.taskTopics.add("a");
        revision = engine.create("machine", PLAIN, true);
        limitTask(1);
        start("1");
        engine.start("machine", revision, "2", "{\"who\":\"MARKER\"}");
        assertThat(asked()).containsExactly("1");
        assertThat(rows()).isNotEmpty().noneMatch(row -> new String(row, ISO_8859_1).contains("MARKER"));
        answer("1");
        var records = engine.records(Topics.taskRequests("a"));
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().getHeaders().lastHeader(Topics.SEALED_HEADER))
                .isNotNull();
        assertThat(records.getFirst().getHeaders().lastHeader(Topics.TOKEN_HEADER))
                .isNotNull();
        var request = engine.decode(records.getFirst().getValue(), TaskRequest.class);
        assertThat(Payloads.json(request.getInput())).isEqualTo("{\"who\":\"MARKER\"}");
    }

    private List<byte[]> rows() {
        var place = RowKeys.queued(Arns.executionId(KEY), 0);
        var row = engine.get(Bytes.wrap(place.get()));
        return row == null ? List.of() : List.of(row);
    }

    /** A request that waited is the one that would have been sent, with its trace. */
    @Test
    void whatWasHeldBackIsSentAsItWas() {
        create(TASK);
        limitTask(1);
        engine.read(Topics.INTERNAL, Internal.class);
        start("1", "2");
        var asks = engine.read(Topics.INTERNAL, Internal.class).stream()
                .map(Internal::getBody)
                .filter(AskForTurn.class::isInstance)
                .map(ask -> ((AskForTurn) ask).getRequest())
                .toList();
        asked();
        answer("1");
        asked();
        assertThat(List.of(requests.get("1"), requests.get("2"))).isEqualTo(asks);
    }

    @Test
    void howItStandsIsMeasured() {
        create(TASK);
        limitTask(2);
        limitMachine(3);
        start("1", "2", "3", "4");
        assertThat(gauge("stepstream.task.limit.max", "task", "a")).isEqualTo(2);
        assertThat(gauge("stepstream.task.limit.running", "task", "a")).isEqualTo(2);
        assertThat(gauge("stepstream.task.limit.queued", "task", "a")).isEqualTo(1);
        assertThat(gauge("stepstream.executions.limit.max", "state_machine", "machine"))
                .isEqualTo(3);
        assertThat(gauge("stepstream.executions.limit.running", "state_machine", "machine"))
                .isEqualTo(3);
        assertThat(gauge("stepstream.executions.limit.queued", "state_machine", "machine"))
                .isEqualTo(1);
    }

    private double gauge(String name, String tag, String value) {
        return engine.meters.get(name).tag(tag, value).gauge().value();
    }
}
