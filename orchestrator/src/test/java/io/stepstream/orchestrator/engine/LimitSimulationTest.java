package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.avro.LimitRow;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Executions at limits that are set, changed and removed at random, while they are started, answered, failed, stopped, redriven, timed out and
 * paused. After each of these the limits' rows are what has been asked and given back says, nobody is let begin beyond a limit or out of
 * order, and nobody waits who need not. {@code -Dlimits.seed=N} runs one seed.
 */
class LimitSimulationTest {
    private static final int SEEDS = 60;
    private static final String MACHINE = Arns.DEFAULT.stateMachine("machine");
    private static final String TASK = LimitKeys.task("a");
    private static final String DEFINITION = """
            {"StartAt":"P","TimeoutSeconds":120,"States":{
              "P":{"Type":"Parallel","Next":"B","Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":2,"MaxAttempts":1}],"Branches":[
                {"StartAt":"A1","States":{"A1":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","TimeoutSeconds":20,"End":true}}},
                {"StartAt":"A2","States":{"A2":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}}]},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","HeartbeatSeconds":30,"End":true}}}""";

    /** Where one that has asked is. */
    private enum Place {
        WAITS,
        RUNS
    }

    private record Turn(String limit, String executionId, long ticket) {}

    static LongStream seeds() {
        var one = Long.getLong("limits.seed");
        return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    }

    private final Map<Turn, Place> turns = new LinkedHashMap<>();
    private final Map<String, OptionalInt> limits = new HashMap<>();
    private final Map<String, TaskRequest> open = new LinkedHashMap<>();
    private final Map<String, String> statuses = new HashMap<>();
    private int started;

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTurnIsGivenInOrderAndGivenBack(long seed) {
        var random = new Random(seed);
        try (var engine = new EngineUnderTest(1, Limits.DEFAULT)) {
            engine.taskTopics.addAll(List.of("a", "b"));
            var revision = engine.create("machine", DEFINITION);
            engine.read(Topics.INTERNAL, Internal.class);
            for (var i = 0; i < 120; i++) {
                act(engine, random, revision);
                engine.tick();
                check(engine);
            }
            finish(engine);
        }
    }

    private void act(EngineUnderTest engine, Random random, String revision) {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> engine.start("machine", revision, "n" + started++, "{}");
            case 4, 5, 6 -> any(random).ifPresent(key -> answer(engine, key));
            case 7 -> any(random).ifPresent(key -> fail(engine, key, random.nextBoolean() ? "Again" : "Broken"));
            case 8 -> engine.advance(Duration.ofSeconds(random.nextInt(25)));
            case 9 -> someone(random).ifPresent(arn -> send(engine, arn, new StopExecution(arn, null, null)));
            case 10 -> someone(random).ifPresent(arn -> send(engine, arn, new RedriveExecution(arn)));
            case 11 -> limitTask(engine, anyLimit(random));
            case 12 -> limitMachine(engine, anyLimit(random));
            default ->
                command(
                        engine,
                        MACHINE,
                        random.nextInt(3) == 0 ? new PauseStateMachine(MACHINE) : new ResumeStateMachine(MACHINE));
        }
    }

    private static OptionalInt anyLimit(Random random) {
        return random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4));
    }

    private void limitTask(EngineUnderTest engine, OptionalInt max) {
        limits.put(TASK, max);
        command(engine, TASK, new LimitTask("a", max.isPresent() ? max.getAsInt() : null));
    }

    private void limitMachine(EngineUnderTest engine, OptionalInt max) {
        limits.put(MACHINE, max);
        command(engine, MACHINE, new LimitStateMachine(MACHINE, max.isPresent() ? max.getAsInt() : null));
    }

    private static void command(EngineUnderTest engine, String key, Object body) {
        engine.send(Topics.COMMANDS, key, new Command(engine.caller(), body));
    }

    private static void send(EngineUnderTest engine, String executionArn, Object body) {
        command(engine, Arns.executionId(executionArn), body);
    }

    private Optional<String> any(Random random) {
        return open.keySet().stream().skip(random.nextInt(open.size() + 1)).findFirst();
    }

    private Optional<String> someone(Random random) {
        return started == 0
                ? Optional.empty()
                : Optional.of(Arns.DEFAULT.execution("machine", "n" + random.nextInt(started)));
    }

    private void answer(EngineUnderTest engine, String key) {
        Optional.ofNullable(open.remove(key))
                .ifPresent(request -> engine.answer(request, new TaskSucceeded(Payloads.of("{}"))));
    }

    private void fail(EngineUnderTest engine, String key, String error) {
        Optional.ofNullable(open.remove(key)).ifPresent(request -> engine.answer(request, new TaskFailed(error, null)));
    }

    private void check(EngineUnderTest engine) {
        var begun = new ArrayList<Turn>();
        var sent = new TreeSet<String>();
        for (var name : List.of("a", "b")) {
            for (var request : engine.read(Topics.taskRequests(name), TaskRequest.class)) {
                var key = request.getIdempotencyKey();
                assertThat(sent.add(key)).as("sent once").isTrue();
                assertThat(open.put(key, request)).as("sent once").isNull();
                var turn = new Turn(
                        TASK, request.getExecutionId(), Long.parseLong(key.substring(key.lastIndexOf('-') + 1)));
                if (name.equals("a")) {
                    begun.add(turn);
                }
            }
        }
        var letters = engine.records(Topics.INTERNAL);
        var heard = letters.stream()
                .map(letter -> engine.decode(letter.value(), Internal.class))
                .toList();
        for (var i = 0; i < heard.size(); i++) {
            var to = new String(letters.get(i).key(), StandardCharsets.UTF_8);
            switch (heard.get(i).getBody()) {
                case AskForTurn ask ->
                    assertThat(turns.put(new Turn(ask.getLimit(), ask.getExecutionId(), ask.getTicket()), Place.WAITS))
                            .as("asked once")
                            .isNull();
                case ContinueExecution goOn -> begun.add(new Turn(MACHINE, to, goOn.getTicket()));
                default -> {}
            }
        }
        begun.removeIf(turn -> !turns.containsKey(turn));
        inOrder(begun);
        begun.forEach(turn -> turns.put(turn, Place.RUNS));
        for (var internal : heard) {
            if (internal.getBody() instanceof EndTurn end) {
                assertThat(turns.remove(new Turn(end.getLimit(), end.getExecutionId(), end.getTicket())))
                        .as("given back what was asked for, once")
                        .isNotNull();
            }
        }
        engine.read(Topics.EXECUTIONS, ExecutionStatus.class)
                .forEach(status -> statuses.put(status.getExecutionArn(), status.getStatus()));
        List.of(TASK, MACHINE).forEach(limit -> standsAsItShould(engine, limit));
    }

    /** Whoever begins has asked before all that wait on. */
    private void inOrder(List<Turn> begun) {
        for (var limit : List.of(TASK, MACHINE)) {
            var asked = turns.keySet().stream()
                    .filter(turn -> turn.limit().equals(limit))
                    .toList();
            var places = begun.stream()
                    .filter(turn -> turn.limit().equals(limit))
                    .map(asked::indexOf)
                    .toList();
            assertThat(places).as("the order at %s", limit).isSorted();
        }
    }

    private void standsAsItShould(EngineUnderTest engine, String limit) {
        var id = Arns.executionId(limit);
        var running = count(limit, Place.RUNS);
        var waiting = count(limit, Place.WAITS);
        var max = limits.getOrDefault(limit, OptionalInt.empty());
        var stored = engine.get(RowKeys.limit(id));
        var row = stored == null ? new LimitRow(limit, null, 0, 0, 0L, 0L) : OtherRows.limit(stored);
        assertThat(row.getRunning()).as("running at %s", limit).isEqualTo((int) running);
        assertThat(row.getQueued()).as("waiting at %s", limit).isEqualTo((int) waiting);
        assertThat(row.getMax()).isEqualTo(max.isPresent() ? max.getAsInt() : null);
        if (waiting > 0) {
            assertThat(max).as("nobody waits without a limit").isPresent();
            assertThat(running).as("nobody waits who need not").isGreaterThanOrEqualTo(max.getAsInt());
        }
        assertThat(engine.get(RowKeys.limitMark(id)) != null).isEqualTo(max.isPresent());
    }

    private long count(String limit, Place place) {
        return turns.entrySet().stream()
                .filter(entry -> entry.getKey().limit().equals(limit) && entry.getValue() == place)
                .count();
    }

    /** With the limits still there, all that has been started comes to its end. */
    private void finish(EngineUnderTest engine) {
        command(engine, MACHINE, new ResumeStateMachine(MACHINE));
        for (var i = 0; statuses.containsValue("RUNNING"); i++) {
            assertThat(i).as("what has all that it needs ends: %s", statuses).isLessThan(1000);
            List.copyOf(open.keySet()).forEach(key -> answer(engine, key));
            engine.advance(Duration.ofSeconds(3));
            check(engine);
        }
        assertThat(turns).isEmpty();
        limitTask(engine, OptionalInt.empty());
        limitMachine(engine, OptionalInt.empty());
        engine.tick();
        check(engine);
        assertThat(engine.get(RowKeys.limit(Arns.executionId(TASK)))).isNull();
        assertThat(engine.get(RowKeys.limit(Arns.executionId(MACHINE)))).isNull();
        assertThat(engine.timersButSweeps()).isZero();
    }
}
