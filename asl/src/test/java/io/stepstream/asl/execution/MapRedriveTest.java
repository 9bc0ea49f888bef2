package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.definition.BuiltInTasks;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Map runs go on with their execution: only the children again that did not end well. */
class MapRedriveTest {
    private static final String WORKS = """
            "First":{"Type":"Pass","Next":"Work"},
            "Work":{"Type":"Task","Resource":"arn:stepstream:kafka:::work","End":true}""";

    /** A task that was asked for. */
    private record Open(World.Run by, long ticket) {}

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    /** By their input, which is the item. */
    private final Map<String, Open> open = new TreeMap<>();

    private final List<String> asked = new ArrayList<>();
    private final List<Runnable> continues = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<JsonNode> written = new ArrayList<>();

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task
            when task.name().equals(BuiltInTasks.RESULT_WRITER) -> {
                written.add(task.input().tree());
                var answer = InterpreterDriver.json("{\"written\":%d}".formatted(written.size()));
                continues.add(() -> world.send(
                        by.arn(), new Command.CompleteTask(task.ticket(), World.BINDING, answer, world.now())));
            }
            case Effect.RequestTask task -> {
                open.put(task.input().text(), new Open(by, task.ticket()));
                asked.add(task.input().text());
            }
            case Effect.EndTask(var ticket, var _) -> open.values().remove(new Open(by, ticket));
            case Effect.Continue(var ticket) -> continues.add(() -> world.send(by.arn(), new Command.Continue(ticket)));
            case Effect.Answer(var verdict) -> verdicts.add(verdict);
            case Effect.AwaitResume _,
                    Effect.AwaitTurn _,
                    Effect.ReleaseTurn _,
                    Effect.ReleaseTask _,
                    Effect.StartTimer _,
                    Effect.CancelTimer _,
                    Effect.Close _,
                    Effect.StartChild _,
                    Effect.CancelChild _,
                    Effect.RedriveChild _,
                    Effect.TellParent _,
                    Effect.RecordHistory _ -> {}
        }
    }

    private World.Run start(String fields, String type) {
        var definition = """
                {"StartAt":"Each","States":{"Each":{"Type":"Map",%s"ItemProcessor":{"ProcessorConfig":
                 {"Mode":"DISTRIBUTED","ExecutionType":"%s"},"StartAt":"First","States":{%s}},"End":true}}}""".formatted(fields, type, WORKS);
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        var run = world.start(InterpreterDriver.identity(), machine, InterpreterDriver.json("[0,1,2,3]"));
        settle();
        return run;
    }

    private void settle() {
        while (!world.letters().isEmpty() || !continues.isEmpty()) {
            if (!continues.isEmpty()) {
                continues.removeFirst().run();
            } else {
                world.deliver(world.letters().getFirst());
            }
        }
    }

    private void complete(int item) {
        completeUnheard(item);
        settle();
    }

    private void completeUnheard(int item) {
        var task = Objects.requireNonNull(open.get("" + item), () -> item + " was not asked for");
        var output = InterpreterDriver.json("\"done " + item + "\"");
        world.send(task.by().arn(), new Command.CompleteTask(task.ticket(), World.BINDING, output, world.now()));
    }

    private void fail(int item) {
        var task = Objects.requireNonNull(open.get("" + item), () -> item + " was not asked for");
        world.send(
                task.by().arn(),
                new Command.FailTask(
                        task.ticket(), World.BINDING, Optional.of("Broken"), Optional.empty(), world.now()));
        settle();
    }

    private void redrive(World.Run run) {
        asked.clear();
        world.send(run.arn(), new Command.Redrive());
        settle();
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.Accepted.class);
    }

    private static List<String> types(World.Run run) {
        return run.history.stream().map(event -> event.type().wireName()).toList();
    }

    private static void assertDone(World.Run run) {
        assertThat(run.outcome)
                .contains(
                        new Outcome.Succeeded(InterpreterDriver.json("[\"done 0\",\"done 1\",\"done 2\",\"done 3\"]")));
        assertThat(run.rows.keys()).containsExactly("execution");
    }

    @Test
    void redrivesTheChildrenThatDidNotEndWellAndThenStartsTheOthers() {
        var run = start("\"MaxConcurrency\":2,", "STANDARD");
        complete(0);
        fail(1);
        assertThat(run.outcome).get().isInstanceOf(Outcome.Failed.class);
        redrive(run);
        assertThat(asked).containsExactly("1", "2");
        complete(2);
        complete(3);
        complete(1);
        assertDone(run);
        assertThat(types(run))
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapRunStarted",
                        "MapRunFailed",
                        "MapStateFailed",
                        "ExecutionFailed",
                        "ExecutionRedriven",
                        "MapRunRedriven",
                        "MapRunSucceeded",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "ExecutionSucceeded");
        assertThat(world.runs()).hasSize(5);
        var redriven =
                world.runs().values().stream().filter(child -> types(child).contains("ExecutionRedriven"));
        // The execution itself, the child that failed and the one that was cancelled for it.
        assertThat(redriven).hasSize(3);
    }

    @Test
    void redrivesWhatWasStoppedAgainAndAgain() {
        var run = start("", "STANDARD");
        complete(3);
        for (var item : List.of(0, 1)) {
            world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
            settle();
            assertThat(open).isEmpty();
            redrive(run);
            assertThat(asked).hasSize(3 - item);
            complete(item);
        }
        complete(2);
        assertDone(run);
    }

    @Test
    void startsExpressChildrenAnew() {
        var run = start("", "EXPRESS");
        complete(0);
        fail(1);
        redrive(run);
        assertThat(asked).containsExactlyInAnyOrder("1", "2", "3");
        complete(1);
        complete(2);
        complete(3);
        assertDone(run);
    }

    @Test
    void takesWhatAChildTellsThatEndedBeforeItHeardOfTheStop() {
        var run = start("", "STANDARD");
        completeUnheard(0);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        redrive(run);
        assertThat(asked).containsExactlyInAnyOrder("1", "2", "3");
        complete(1);
        complete(2);
        complete(3);
        assertDone(run);
    }

    @Test
    void writesAgainWhatHadNotEndedWell() {
        var run = start(
                "\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",\"Parameters\":{\"Bucket\":\"b\"}},",
                "STANDARD");
        complete(0);
        fail(1);
        assertThat(run.outcome).get().isInstanceOf(Outcome.Failed.class);
        assertThat(written).hasSize(2);
        assertThat(written.get(0).path("results").findValuesAsText("Status"))
                .containsExactly("SUCCEEDED", "FAILED", "ABORTED", "ABORTED");
        assertThat(written.get(1).path("finish").toString()).isEqualTo("{\"succeeded\":1,\"failed\":3,\"pending\":0}");
        redrive(run);
        assertThat(asked).containsExactlyInAnyOrder("1", "2", "3");
        complete(3);
        complete(2);
        complete(1);
        assertThat(written).hasSize(4);
        assertThat(written.get(2).path("part").asInt()).isEqualTo(1);
        assertThat(written.get(2).path("results").findValuesAsText("Output"))
                .containsExactly("\"done 1\"", "\"done 2\"", "\"done 3\"");
        assertThat(written.get(3).path("finish").toString()).isEqualTo("{\"succeeded\":4,\"failed\":0,\"pending\":0}");
        assertThat(run.outcome).contains(new Outcome.Succeeded(InterpreterDriver.json("{\"written\":4}")));
        assertThat(run.rows.keys()).containsExactly("execution");
    }

    @Test
    void countsTheChildrenThatCannotGoOn() {
        var run = start("\"ToleratedFailureCount\":1,", "STANDARD");
        fail(0);
        fail(1);
        // As if its window were over, and its rows gone.
        world.runs().remove(List.copyOf(world.runs().keySet()).get(1));
        redrive(run);
        assertThat(asked).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(progress(run).redrive().refused()).isEqualTo(1);
        assertThat(progress(run).failed()).isEqualTo(1);
        complete(1);
        complete(2);
        complete(3);
        assertThat(run.outcome)
                .contains(new Outcome.Succeeded(InterpreterDriver.json("[\"done 1\",\"done 2\",\"done 3\"]")));
    }

    /** What is kept for a redrive may be deleted once there can be none: until it is, nothing comes of it. */
    @Test
    void whatIsKeptIsAsGoodAsGoneAfterTheWindow() {
        var run = start("", "STANDARD");
        completeUnheard(0);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        var kept = run.rows.frames();
        assertThat(kept).hasSizeGreaterThan(1);
        world.now(world.now().plus(Duration.ofDays(14)).plusMillis(1));
        // A day earlier it would be kept that the first child has ended well.
        settle();
        assertThat(run.rows.frames()).isEqualTo(kept);
        world.send(run.arn(), new Command.Redrive());
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.Refused.class);
    }

    private static MapProgress progress(World.Run run) {
        if (run.rows.frame(FramePath.ROOT).orElseThrow().phase() instanceof Phase.Mapping(var ticket)
                && run.rows.waiting(ticket).orElseThrow() instanceof WaitRow.MapRun mapRun) {
            return mapRun.progress();
        }
        throw new AssertionError("there is no Map run");
    }

    @Test
    void failsOnceMoreIfItsChildrenDo() {
        var run = start("\"ToleratedFailureCount\":1,", "STANDARD");
        fail(0);
        complete(1);
        fail(2);
        redrive(run);
        assertThat(asked).containsExactlyInAnyOrder("0", "2", "3");
        fail(2);
        complete(3);
        complete(0);
        assertThat(run.outcome)
                .contains(new Outcome.Succeeded(InterpreterDriver.json("[\"done 0\",\"done 1\",\"done 3\"]")));
    }
}
