package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.BuiltInTasks;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Map runs: their children, what they read and write, how they end. */
class DistributedMapTest {
    private static final String PASSES = "\"Pass\":{\"Type\":\"Pass\",\"End\":true}";
    private static final String WORKS =
            "\"Pass\":{\"Type\":\"Task\",\"Resource\":\"arn:stepstream:kafka:::work\",\"End\":true}";
    /** Fails for items that are odd. */
    private static final String FAILS_ODD = """
            "Pass":{"Type":"Choice","Choices":[{"Or":[{"Variable":"$","NumericEquals":1},{"Variable":"$","NumericEquals":3}],
              "Next":"Odd"}],"Default":"Even"},"Odd":{"Type":"Fail","Error":"Odd"},"Even":{"Type":"Pass","End":true}""";

    private final World world = new World(Limits.DEFAULT, InterpreterDriver.START, this::outside);
    private final List<JsonNode> written = new ArrayList<>();
    private final List<JsonNode> asked = new ArrayList<>();
    private Consumer<Effect.RequestTask> reader = _ -> {};
    private int objects = 7;
    private int most;

    private void outside(World.Run by, Effect effect) {
        switch (effect) {
            case Effect.RequestTask task
            when task.name().equals(BuiltInTasks.ITEM_READER) -> {
                asked.add(task.input().tree());
                reader.accept(task);
                answers.add(() -> world.send(by.arn(), page(task)));
            }
            case Effect.RequestTask task
            when task.name().equals(BuiltInTasks.RESULT_WRITER) -> {
                written.add(task.input().tree());
                answers.add(() -> world.send(by.arn(), complete(task, "{\"MapRunArn\":\"run\",\"written\":1}")));
            }
            case Effect.Continue(var ticket) -> answers.add(() -> world.send(by.arn(), new Command.Continue(ticket)));
            case Effect.RequestTask _,
                    Effect.StartTimer _,
                    Effect.CancelTimer _,
                    Effect.Close _,
                    Effect.EndTask _,
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

    private final List<Runnable> answers = new ArrayList<>();

    private static Command complete(Effect.RequestTask task, String output) {
        return new Command.CompleteTask(
                task.ticket(), World.BINDING, InterpreterDriver.json(output), InterpreterDriver.START);
    }

    /** Numbers from 0 to how many objects there are, three a page. */
    private Command page(Effect.RequestTask task) {
        var from = task.input().tree().path("cursor").path("next").asInt(0);
        var until = Math.min(
                objects, from + Math.min(3, task.input().tree().path("maxItems").asInt()));
        var page = JsonNodeFactory.instance.objectNode();
        var items = page.putArray("items");
        IntStream.range(from, until).forEach(items::add);
        if (until < objects) {
            page.putObject("cursor").put("next", until);
        } else {
            page.putNull("cursor");
        }
        return new Command.CompleteTask(task.ticket(), World.BINDING, Document.of(page), InterpreterDriver.START);
    }

    private static StateMachine machine(String fields, String states) {
        var definition = """
                {"StartAt":"Each","States":{"Each":{"Type":"Map",%s"ItemProcessor":{"ProcessorConfig":
                 {"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Pass","States":{%s}},"End":true}}}""".formatted(fields, states);
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private World.Run start(String fields, String states, String input) {
        return world.start(InterpreterDriver.identity(), machine(fields, states), InterpreterDriver.json(input));
    }

    private World.Run run(String fields, String states, String input) {
        var run = start(fields, states, input);
        settle();
        return run;
    }

    private void settle() {
        while (!world.letters().isEmpty() || !answers.isEmpty()) {
            if (!answers.isEmpty()) {
                answers.removeFirst().run();
            } else {
                world.deliver(world.letters().getFirst());
            }
            most = Math.max(most, running());
        }
    }

    private int running() {
        return (int) world.runs().values().stream()
                        .filter(run -> run.outcome.isEmpty())
                        .count()
                - 1;
    }

    private static String output(World.Run run) {
        return run.outcome.orElseThrow() instanceof Outcome.Succeeded(var output)
                ? output.text()
                : run.outcome.toString();
    }

    private static List<String> types(World.Run run) {
        return run.history.stream().map(event -> event.type().wireName()).toList();
    }

    private static void assertNothingLeft(World.Run run) {
        assertThat(run.rows.keys())
                .allMatch(key -> key.equals("execution")
                        || !(run.outcome.orElseThrow() instanceof Outcome.Succeeded)
                                && (key.equals("input") || run.rows.isForARedrive(key)));
    }

    @Test
    void everyItemIsAChildAndResultsKeepTheirOrder() {
        var run = run("", PASSES, "[10,20,30]");
        assertThat(output(run)).isEqualTo("[10,20,30]");
        assertThat(types(run))
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapRunStarted",
                        "MapRunSucceeded",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "ExecutionSucceeded");
        assertThat(world.runs()).hasSize(4);
        assertThat(world.runs().keySet().stream().skip(1))
                .allMatch(arn -> arn.matches("arn:aws:states:us-east-1:\\d+:execution:machine/Each:[0-9a-f-]{36}"));
        assertNothingLeft(run);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "17", "200", "1500"})
    void anyNumberOfItemsIsJoined(int count) {
        var items = IntStream.range(0, count).boxed().toList().toString().replace(" ", "");
        var run = run("\"MaxConcurrency\":40,", PASSES, items);
        assertThat(output(run)).isEqualTo(items);
        assertNothingLeft(run);
    }

    @Test
    void concurrencyIsBounded() {
        run("\"MaxConcurrency\":3,", WORKS, "[1,2,3,4,5,6,7]");
        assertThat(most).isEqualTo(3);
        assertThat(world.runs()).hasSize(4);
    }

    @Test
    void selectorSeesItemAndIndex() {
        var run = run("""
                "ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},""", PASSES, "[\"a\",\"b\"]");
        assertThat(output(run)).isEqualTo("[{\"i\":0,\"v\":\"a\"},{\"i\":1,\"v\":\"b\"}]");
    }

    @Test
    void fieldsOfAnObjectAreItems() {
        var run = run("", PASSES, "{\"a\":1,\"b\":2}");
        assertThat(output(run)).isEqualTo("[{\"Key\":\"a\",\"Value\":1},{\"Key\":\"b\",\"Value\":2}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|FAILED",
                "\"ToleratedFailureCount\":1,|FAILED",
                "\"ToleratedFailureCount\":2,|[0,2,4]",
                "\"ToleratedFailurePercentage\":39,|FAILED",
                "\"ToleratedFailurePercentage\":40,|[0,2,4]",
                "\"ToleratedFailureCount\":1,\"ToleratedFailurePercentage\":100,|FAILED"
            })
    void failuresAreToleratedAsTheStateSays(String tolerated, String expected) {
        var run = run(tolerated, FAILS_ODD, "[0,1,2,3,4]");
        if (expected.equals("FAILED")) {
            assertThat(((Outcome.Failed) run.outcome.orElseThrow()).error())
                    .contains("States.ExceedToleratedFailureThreshold");
            assertThat(types(run)).containsSubsequence("MapRunStarted", "MapRunFailed", "MapStateFailed");
        } else {
            assertThat(output(run)).isEqualTo(expected);
        }
        assertNothingLeft(run);
        assertThat(running()).isEqualTo(-1);
    }

    @Test
    void readerIsAskedPageByPage() {
        var run = run(reader(""), PASSES, "{}");
        assertThat(output(run)).isEqualTo("[0,1,2,3,4,5,6]");
        assertThat(asked).hasSize(3);
        assertThat(asked.get(1).path("cursor").path("next").asInt()).isEqualTo(3);
        assertThat(asked.getFirst().path("readerConfig").path("InputType").asText())
                .isEqualTo("JSON");
        assertThat(asked.getFirst().path("parameters").path("Bucket").asText()).isEqualTo("b");
        assertNothingLeft(run);
    }

    private static String reader(String more) {
        return """
               "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"%s},
                "Parameters":{"Bucket":"b","Key":"k"}},""".formatted(more);
    }

    @Test
    void readerIsNotAskedBeyondMaxItems() {
        var run = run(reader(",\"MaxItems\":4"), PASSES, "{}");
        assertThat(output(run)).isEqualTo("[0,1,2,3]");
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1).path("maxItems").asInt()).isEqualTo(1);
    }

    @Test
    void batchesCrossPages() {
        var run = run(reader("") + "\"ItemBatcher\":{\"MaxItemsPerBatch\":5,\"BatchInput\":{\"x\":1}},", PASSES, "{}");
        assertThat(output(run))
                .isEqualTo(
                        "[{\"BatchInput\":{\"x\":1},\"Items\":[0,1,2,3,4]},{\"BatchInput\":{\"x\":1},\"Items\":[5,6]}]");
        assertThat(world.runs()).hasSize(3);
    }

    @Test
    void selectorSeesTheIndexOfEachItemOfABatch() {
        var run = run(
                reader("")
                        + "\"ItemBatcher\":{\"MaxItemsPerBatch\":3},\"ItemSelector\":{\"i.$\":\"$$.Map.Item.Index\"},",
                PASSES,
                "{}");
        assertThat(output(run))
                .isEqualTo(
                        "[{\"Items\":[{\"i\":0},{\"i\":1},{\"i\":2}]},{\"Items\":[{\"i\":3},{\"i\":4},{\"i\":5}]},{\"Items\":[{\"i\":6}]}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ItemBatcher\":{\"MaxItemsPerBatch\":3,\"BatchInput\":{\"x.$\":\"$.none\"}},",
                "\"ItemBatcher\":{\"MaxItemsPerBatch\":3},\"ItemSelector\":{\"x.$\":\"$$.Map.Item.Value.none\"},",
                "\"ItemSelector\":{\"x.$\":\"$$.Map.Item.Value.none\"},"
            })
    void whatCannotBeSelectedFailsTheRunAndStartsNoChild(String fields) {
        var run = run(reader("") + fields, PASSES, "{}");
        assertThat(run.outcome).hasValueSatisfying(how -> assertThat(how).isInstanceOf(Outcome.Failed.class));
        assertThat(types(run)).containsSubsequence("MapRunStarted", "MapRunFailed", "MapStateFailed");
        assertThat(world.runs()).hasSize(1);
        assertNothingLeft(run);
    }

    @Test
    void labelOfARunIsTheStatesNameAsFarAsAnArnTakesIt() {
        var name = "Für alle, die " + "x".repeat(40);
        var definition = """
                {"StartAt":"%1$s","States":{"%1$s":{"Type":"Map","ItemProcessor":{"ProcessorConfig":
                 {"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Pass","States":{%2$s}},"End":true}}}""".formatted(name, PASSES);
        if (!(StateMachine.parse(definition) instanceof Parsed.Valid(var machine, var _))) {
            throw new AssertionError(definition);
        }
        world.start(InterpreterDriver.identity(), machine, InterpreterDriver.json("[1]"));
        settle();
        assertThat(world.runs().keySet().stream().skip(1))
                .singleElement()
                .asString()
                .contains(":machine/F-r-alle--die-" + "x".repeat(26) + ":");
    }

    @Test
    void batchesKeepToTheirBytes() {
        var run = run("\"ItemBatcher\":{\"MaxInputBytesPerBatch\":12},", PASSES, "[11111,22222,33333]");
        assertThat(output(run)).isEqualTo("[{\"Items\":[11111,22222]},{\"Items\":[33333]}]");
    }

    @Test
    void pageToAnotherTicketIsStale() {
        var seen = new ArrayList<Effect.RequestTask>();
        reader = seen::add;
        var run = start(reader(""), PASSES, "{}");
        answers.removeFirst().run();
        var events = run.rows.toString();
        world.send(run.arn(), page(seen.getFirst()));
        assertThat(run.rows.toString()).isEqualTo(events);
        settle();
        assertThat(output(run)).isEqualTo("[0,1,2,3,4,5,6]");
    }

    @Test
    void readerThatFailsFailsTheRun() {
        var run = start(reader(""), PASSES, "{}");
        answers.clear();
        var task = asked.size();
        assertThat(task).isEqualTo(1);
        world.send(
                run.arn(),
                new Command.FailTask(
                        2, World.BINDING, Optional.of("States.ItemReaderFailed"), Optional.of("no"), world.now()));
        settle();
        assertThat(run.outcome).contains(new Outcome.Failed(Optional.of("States.ItemReaderFailed"), Optional.of("no")));
        assertThat(types(run)).containsSubsequence("MapRunFailed", "MapStateFailed", "ExecutionFailed");
        assertNothingLeft(run);
    }

    @Test
    void resultsGoToTheWriterInParts() {
        var run = run(
                "\"ToleratedFailureCount\":9,\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",\"Parameters\":{\"Bucket\":\"b\"}},",
                FAILS_ODD,
                IntStream.range(0, 20).boxed().toList().toString());
        assertThat(written).hasSize(3);
        assertThat(written.get(0).path("part").asInt()).isZero();
        assertThat(written.get(0).path("results")).hasSize(16);
        assertThat(written.get(0).path("results").path(1).path("Status").asText())
                .isEqualTo("FAILED");
        assertThat(written.get(1).path("part").asInt()).isEqualTo(1);
        assertThat(written.get(1).path("results")).hasSize(4);
        assertThat(written.get(2).path("finish").path("failed").asInt()).isEqualTo(2);
        assertThat(output(run)).isEqualTo("{\"MapRunArn\":\"run\",\"written\":1}");
        assertNothingLeft(run);
    }

    /** What is not known of a child that is cancelled, or will never be started, is not made up. */
    @Test
    void resultsOfARunThatHasFailedAreWrittenToo() {
        var run = run(
                "\"MaxConcurrency\":2,\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",\"Parameters\":{\"Bucket\":\"b\"}},",
                FAILS_ODD.replace("\"Even\":{\"Type\":\"Pass\"", "\"Even\":{\"Type\":\"Wait\",\"Seconds\":9"),
                "[0,1,2,{\"x\":3}]");
        assertThat(((Outcome.Failed) run.outcome.orElseThrow()).error())
                .contains("States.ExceedToleratedFailureThreshold");
        assertThat(written).hasSize(3);
        assertThat(written.get(0).path("results").findValuesAsText("Status")).containsExactly("ABORTED", "FAILED");
        assertThat(written.get(1).path("results").toString())
                .isEqualTo(
                        "[{\"Input\":\"2\",\"Status\":\"PENDING\"},{\"Input\":\"{\\\"x\\\":3}\",\"Status\":\"PENDING\"}]");
        assertThat(written.get(2).path("finish").toString()).isEqualTo("{\"succeeded\":0,\"failed\":2,\"pending\":2}");
        assertThat(written.get(1).path("part").asInt()).isEqualTo(1);
        assertThat(types(run)).containsSubsequence("MapRunStarted", "MapRunFailed", "MapStateFailed");
        assertNothingLeft(run);
        assertThat(running()).isEqualTo(-1);
    }

    /** The state's input is as large as a payload may be: no step of a run may write it again. */
    @Test
    void aRunDoesNotWriteItsInputAgain() {
        var large = "{\"items\":[1,2,3,4],\"rest\":\"" + "x".repeat(100_000) + "\"}";
        var run = run("\"ItemsPath\":\"$.items\",\"MaxConcurrency\":1,", PASSES, large);
        assertThat(output(run)).isEqualTo("[1,2,3,4]");
        // The execution's input, and the state's input put aside.
        assertThat(run.rowCharacters).isLessThan(2 * 100_000 + 20_000);
    }

    @Test
    void stoppingTheParentCancelsTheRunsChildren() {
        var run = run("", WORKS, IntStream.range(0, 40).boxed().toList().toString());
        assertThat(world.runs()).hasSize(41);
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        settle();
        assertThat(running()).isEqualTo(-1);
        assertNothingLeft(run);
    }

    @Test
    void childThatStartsAfterItsRunIsOverIsCancelled() {
        var run = start("", WORKS, "[1,2]");
        var starts = List.copyOf(world.letters());
        world.letters().clear();
        world.send(run.arn(), new Command.Stop(Optional.empty(), Optional.empty()));
        settle();
        starts.forEach(world::deliver);
        settle();
        assertThat(world.runs()).hasSize(3);
        assertThat(running()).isEqualTo(-1);
    }

    @Test
    void secondEndOfAChildIsNotCounted() {
        var run = start("\"MaxConcurrency\":1,\"ToleratedFailureCount\":1,", FAILS_ODD, "[1,0,3]");
        world.deliver(world.letters().getFirst());
        var failed = world.letters().getFirst();
        world.deliver(failed);
        world.deliver(failed);
        world.deliver(world.letters().getFirst());
        assertThat(run.outcome).isEmpty();
        settle();
        assertThat(((Outcome.Failed) run.outcome.orElseThrow()).error())
                .contains("States.ExceedToleratedFailureThreshold");
    }

    @Test
    @Tag("cost")
    void anItemOfManyCostsItsParentNoMoreThanOneOfFew() {
        var few = run("", PASSES, items(100));
        var many = new DistributedMapTest().run("", PASSES, items(10_000));
        assertThat(many.outcome.orElseThrow()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(many.rowChanges / 10_000.0).isLessThanOrEqualTo(1.2 * few.rowChanges / 100.0);
        assertThat(many.rowCharacters / 10_000.0).isLessThanOrEqualTo(1.2 * few.rowCharacters / 100.0);
        System.out.printf(
                "rows an item: %.2f of 100, %.2f of 10,000; characters: %.0f, %.0f%n",
                few.rowChanges / 100.0,
                many.rowChanges / 10_000.0,
                few.rowCharacters / 100.0,
                many.rowCharacters / 10_000.0);
    }

    private static String items(int count) {
        return IntStream.range(10_000, 10_000 + count).boxed().toList().toString();
    }
}
