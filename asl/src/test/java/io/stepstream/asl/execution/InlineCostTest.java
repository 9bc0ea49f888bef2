package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cost rule of inline Map and Parallel states: what a child costs does not depend on how many siblings it has. */
@Tag("cost")
class InlineCostTest {
    private static final int FEW = 100;
    private static final int MANY = 10_000;
    /** More branches would not fit into a definition. */
    private static final int MANY_BRANCHES = 5_000;

    private static final double MOST = 1.2;

    private static final String PASS = "\"P\":{\"Type\":\"Pass\",\"End\":true}";
    private static final String TASK =
            "\"P\":{\"Type\":\"Task\",\"Resource\":\"arn:stepstream:kafka:::work\",\"End\":true}";
    private static final String RETRY =
            "\"Retry\":[{\"ErrorEquals\":[\"Boom\"],\"MaxAttempts\":1,\"IntervalSeconds\":1}],";
    private static final String CATCH = "\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Done\"}],";

    /** What happens to the children. */
    private enum Fate {
        END_WELL,
        STOP_AT_ONCE,
        STOP_HALF_WAY,
        FAIL_AT_ONCE,
        FAIL_HALF_WAY,
        FAIL_LAST,
        EVERY_OTHER_FAILS
    }

    /** One row a case: the state around the children, the state in each, and what becomes of them. */
    private enum Case {
        MAP_JOINED("", PASS, Fate.END_WELL),
        MAP_OF_TASKS_JOINED("", TASK, Fate.END_WELL),
        MAP_ONE_BY_ONE("\"MaxConcurrency\":1,", TASK, Fate.END_WELL),
        MAP_FIVE_AT_ONCE("\"MaxConcurrency\":5,", TASK, Fate.END_WELL),
        MAP_ALL_AT_ONCE("\"MaxConcurrency\":0,", TASK, Fate.END_WELL, MANY),
        MAP_WITH_SELECTOR(
                "\"ItemSelector\":{\"i.$\":\"$$.Map.Item.Index\",\"of.$\":\"$$.Map.Item.Value\"},",
                PASS,
                Fate.END_WELL),
        MAP_STOPPED_AT_ONCE("", TASK, Fate.STOP_AT_ONCE, MANY),
        MAP_STOPPED_HALF_WAY("", TASK, Fate.STOP_HALF_WAY),
        MAP_STOPPED_HALF_WAY_ONE_BY_ONE("\"MaxConcurrency\":1,", TASK, Fate.STOP_HALF_WAY),
        MAP_ABORTED_AT_ONCE("", TASK, Fate.FAIL_AT_ONCE, MANY),
        MAP_ABORTED_HALF_WAY("", TASK, Fate.FAIL_HALF_WAY),
        MAP_ABORTED_AT_THE_LAST("", TASK, Fate.FAIL_LAST),
        MAP_ABORTED_AND_CAUGHT(CATCH, TASK, Fate.FAIL_HALF_WAY),
        MAP_ABORTED_AND_RETRIED(RETRY, TASK, Fate.FAIL_HALF_WAY),
        MAP_TOLERATING("\"ToleratedFailurePercentage\":100,", TASK, Fate.EVERY_OTHER_FAILS),
        PARALLEL_JOINED(PASS, Fate.END_WELL),
        PARALLEL_OF_TASKS_JOINED(TASK, Fate.END_WELL),
        PARALLEL_STOPPED_AT_ONCE(TASK, Fate.STOP_AT_ONCE),
        PARALLEL_STOPPED_HALF_WAY(TASK, Fate.STOP_HALF_WAY),
        PARALLEL_ABORTED(TASK, Fate.FAIL_HALF_WAY);

        private final Optional<String> mapFields;
        private final String state;
        private final Fate fate;
        private final int concurrency;

        Case(String mapFields, String state, Fate fate) {
            this(mapFields, state, fate, Limits.DEFAULT.inlineConcurrency());
        }

        Case(String mapFields, String state, Fate fate, int concurrency) {
            this.mapFields = Optional.of(mapFields);
            this.state = state;
            this.fate = fate;
            this.concurrency = concurrency;
        }

        Case(String state, Fate fate) {
            this.mapFields = Optional.empty();
            this.state = state;
            this.fate = fate;
            this.concurrency = Limits.DEFAULT.inlineConcurrency();
        }

        StateMachine machine(int children) {
            var graph = "{\"StartAt\":\"P\",\"States\":{" + state + "}}";
            var around = mapFields
                    .map(fields -> "\"Type\":\"Map\"," + fields + "\"ItemProcessor\":" + graph)
                    .orElseGet(() -> "\"Type\":\"Parallel\",\"Branches\":["
                            + IntStream.range(0, children)
                                    .mapToObj(i -> graph.replace("\"P\"", "\"P" + i + "\""))
                                    .collect(Collectors.joining(","))
                            + "]");
            var definition = "{\"StartAt\":\"Each\",\"States\":{\"Each\":{" + around
                    + ",\"Next\":\"Done\"},\"Done\":{\"Type\":\"Pass\",\"Result\":1,\"End\":true}}}";
            return switch (StateMachine.parse(definition)) {
                case Parsed.Valid(var valid, var _) -> valid;
                case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
            };
        }

        int many() {
            return mapFields.isPresent() ? MANY : MANY_BRANCHES;
        }

        String input(int children) {
            return mapFields.isPresent()
                    ? IntStream.range(MANY, MANY + children).boxed().toList().toString()
                    : "{\"order\":12345}";
        }
    }

    /** One execution, whose tasks are answered in the order in which they were asked for. */
    private static final class Play {
        private final Case row;
        private final int children;
        private final SequencedMap<Long, Effect.RequestTask> open = new LinkedHashMap<>();
        private final Deque<Command> due = new ArrayDeque<>();
        private final World world;
        private final World.Run run;

        Play(Case row, int children) {
            this.row = row;
            this.children = children;
            var limits = new Limits(
                    100,
                    512 * 1024,
                    16,
                    Limits.DEFAULT.payloadBytes(),
                    1_000_000,
                    16,
                    Limits.DEFAULT.assignedBytes(),
                    Limits.DEFAULT.variablesBytes(),
                    Limits.DEFAULT.expressSeconds(),
                    Limits.DEFAULT.mapConcurrency(),
                    row.concurrency,
                    Limits.DEFAULT.redriveDays());
            world = new World(limits, InterpreterDriver.START, this::outside);
            run = world.start(
                    InterpreterDriver.identity(), row.machine(children), InterpreterDriver.json(row.input(children)));
            goOn();
        }

        private void outside(World.Run by, Effect effect) {
            switch (effect) {
                case Effect.RequestTask task -> open.putLast(task.ticket(), task);
                case Effect.EndTask(var ticket, var _) -> open.remove(ticket);
                case Effect.Continue(var ticket) -> due.addFirst(new Command.Continue(ticket));
                case Effect.StartTimer(var ticket, var at, var _) -> due.addLast(new Command.FireTimer(ticket, at));
                case Effect.CancelTimer _,
                        Effect.Close _,
                        Effect.Answer _,
                        Effect.AwaitResume _,
                        Effect.AwaitTurn _,
                        Effect.ReleaseTurn _,
                        Effect.ReleaseTask _,
                        Effect.StartChild _,
                        Effect.CancelChild _,
                        Effect.RedriveChild _,
                        Effect.TellParent _,
                        Effect.RecordHistory _ -> {}
            }
        }

        private void goOn() {
            while (!due.isEmpty()) {
                world.send(run.arn(), due.removeFirst());
            }
        }

        private void answer(int count) {
            for (var i = 0; i < count; i++) {
                var task = open.firstEntry().getValue();
                world.send(
                        run.arn(),
                        new Command.CompleteTask(
                                task.ticket(), World.BINDING, InterpreterDriver.json("{\"ok\":1}"), world.now()));
                goOn();
            }
        }

        private void fail() {
            var task = open.firstEntry().getValue();
            world.send(
                    run.arn(),
                    new Command.FailTask(
                            task.ticket(), World.BINDING, Optional.of("Boom"), Optional.of("c"), world.now()));
            goOn();
        }

        private void stop() {
            world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
            goOn();
        }

        World.Run toItsEnd() {
            switch (row.fate) {
                case END_WELL -> answer(row.state.equals(TASK) ? children : 0);
                case STOP_AT_ONCE -> stop();
                case STOP_HALF_WAY -> {
                    answer(children / 2);
                    stop();
                }
                case FAIL_AT_ONCE -> fail();
                case FAIL_HALF_WAY -> {
                    answer(children / 2);
                    fail();
                }
                case FAIL_LAST -> {
                    answer(children - 1);
                    fail();
                }
                case EVERY_OTHER_FAILS -> {
                    for (var i = 0; i < children / 2; i++) {
                        fail();
                        answer(1);
                    }
                }
            }
            // Of a retry the children are asked for once more.
            while (run.outcome.isEmpty()) {
                answer(1);
            }
            return run;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void aChildOfManyCostsNoMoreThanOneOfFew(Case row) {
        var few = new Play(row, FEW).toItsEnd();
        var count = row.many();
        var many = new Play(row, count).toItsEnd();
        System.out.printf(
                "%-32s a child: rows %.2f of %d, %.2f of %d; characters %.0f, %.0f; effects' %.0f, %.0f; most rows a step %d, %d%n",
                row,
                part(few.rowChanges, FEW),
                FEW,
                part(many.rowChanges, count),
                count,
                part(few.rowCharacters, FEW),
                part(many.rowCharacters, count),
                part(few.effectCharacters, FEW),
                part(many.effectCharacters, count),
                few.mostRowChanges,
                many.mostRowChanges);
        assertThat(few.outcome).isPresent();
        assertThat(many.outcome.map(Outcome::status)).isEqualTo(few.outcome.map(Outcome::status));
        assertThat(part(many.rowChanges, count)).isLessThanOrEqualTo(MOST * part(few.rowChanges, FEW));
        assertThat(part(many.rowCharacters, count)).isLessThanOrEqualTo(MOST * part(few.rowCharacters, FEW));
        assertThat(part(many.effectCharacters, count)).isLessThanOrEqualTo(MOST * part(few.effectCharacters, FEW));
        assertThat(many.mostRowChanges).isLessThanOrEqualTo(4 * Limits.DEFAULT.childrenPerStep());
    }

    private static double part(long whole, int children) {
        return (double) whole / children;
    }
}
