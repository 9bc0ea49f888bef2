package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.whatif.Findings;
import io.stepstream.audit.whatif.Verdict;
import io.stepstream.audit.whatif.Verdict.Kind;
import io.stepstream.audit.whatif.Verdict.Reason;
import io.stepstream.audit.whatif.WhatIf;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.schemas.avro.Started;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recorded executions on a changed definition. */
class WhatIfTest {
    private static final String DEFINITION = """
        {"StartAt": "Quote", "States": {
          "Quote": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 60,
            "Parameters": {"FunctionName": "quote", "Payload": {"id.$": "$.id"}},
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5, "MaxAttempts": 2}],
            "ResultSelector": {"price.$": "$.Payload.price"}, "ResultPath": "$.quote", "Next": "Decide"},
          "Decide": {"Type": "Choice", "Default": "Buy",
            "Choices": [{"Variable": "$.quote.price", "NumericGreaterThan": 100, "Next": "Refuse"}]},
          "Buy": {"Type": "Parallel", "Next": "Noted", "Branches": [
            {"StartAt": "Pay", "States": {"Pay": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:pay", "End": true}}},
            {"StartAt": "Ship", "States": {"Ship": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:ship", "End": true}}}]},
          "Noted": {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime", "all.$": "$"}, "End": true},
          "Refuse": {"Type": "Fail", "Error": "TooDear"}}}
        """;

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(2, log.registry, Limits.DEFAULT, log);
    private final Recorder.Machine machine = recorder.deploy("order", DEFINITION, Set.of());

    private Recorder.Run start(String name) {
        recorder.advanceTo(recorder.now().plusMillis(17));
        return recorder.start(machine, name, Document.ofTrusted("{\"id\":1}"));
    }

    private void answer(Recorder.Run run, String task, String output) {
        recorder.advanceTo(recorder.now().plusMillis(730));
        run.complete(ticket(run, task), Document.ofTrusted(output));
    }

    private static long ticket(Recorder.Run run, String task) {
        return run.open.values().stream()
                .filter(open -> open.name().equals(task))
                .findFirst()
                .orElseThrow()
                .ticket();
    }

    private void fireNext(Recorder.Run run) {
        var next =
                run.timers.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
        // As in the engine, some time after it was due.
        recorder.advanceTo(next.getValue().plusMillis(40));
        run.timers.remove(next.getKey());
        run.send(new Command.FireTimer(next.getKey(), next.getValue()), Optional.empty());
    }

    /** A cheap one after a retry, a dear one, one that nobody quoted, and one that has not ended. */
    private void world() {
        var cheap = start("cheap");
        cheap.send(
                new Command.FailTask(
                        ticket(cheap, "quote"),
                        cheap.bindings.getOrDefault(ticket(cheap, "quote"), ""),
                        Optional.of("Busy"),
                        Optional.empty(),
                        recorder.now()),
                Optional.empty());
        fireNext(cheap);
        answer(cheap, "quote", "{\"price\":90}");
        answer(cheap, "ship", "\"shipped\"");
        answer(cheap, "pay", "\"paid\"");
        answer(start("dear"), "quote", "{\"price\":150}");
        fireNext(start("unquoted"));
        start("open");
    }

    private Findings tried(String from, String to) {
        assertThat(DEFINITION).contains(from);
        return tried(log, "order", DEFINITION.replace(from, to));
    }

    static Findings tried(MemoryLog log, String machine, String definition) {
        return WhatIf.run(
                log,
                Optional.empty(),
                new HistorySelection(Optional.empty(), Optional.empty(), Optional.of(machine)),
                definition,
                1000);
    }

    static Verdict of(Findings findings, String execution) {
        return findings.groups().stream()
                .filter(group -> group.executions().stream()
                        .anyMatch(arn -> ExecutionNames.name(arn).equals(execution)))
                .map(Findings.Group::first)
                .findFirst()
                .orElse(new Verdict.Same(Map.of()));
    }

    static void assertCounts(Findings findings, long same, long other, long cannotTell) {
        assertThat(findings).as("%s", findings.groups()).satisfies(found -> {
            assertThat(found.same()).isEqualTo(same);
            assertThat(found.other()).isEqualTo(other);
            assertThat(found.cannotTell()).isEqualTo(cannotTell);
        });
    }

    @Test
    void theSameDefinition() {
        world();
        var findings = tried("\"Default\"", "\"Comment\":\"reworded\", \"Default\"");

        assertCounts(findings, 3, 0, 1);
        assertThat(of(findings, "open")).isEqualTo(new Verdict.CannotTell(Reason.UNFINISHED, ""));
    }

    @Test
    void anotherChoice() {
        world();
        var findings = tried("100", "80");

        assertCounts(findings, 2, 1, 1);
        assertThat(of(findings, "cheap")).isInstanceOfSatisfying(Verdict.Other.class, other -> {
            assertThat(other.difference().kind()).isEqualTo(Kind.NEXT_STATE);
            assertThat(other.difference().state()).isEqualTo("Decide");
            assertThat(other.difference().recorded()).isEqualTo("Buy");
            assertThat(other.difference().rehearsed()).isEqualTo("Refuse");
            assertThat(other.difference().ending()).isEqualTo(new Verdict.Ending("SUCCEEDED", "FAILED TooDear"));
        });
    }

    @Test
    void aWayThatLeadsToWhatWasNeverRecorded() {
        world();
        var findings = tried("100", "200");

        assertCounts(findings, 2, 1, 1);
        assertThat(of(findings, "dear")).isInstanceOfSatisfying(Verdict.Other.class, other -> {
            assertThat(other.difference().state()).isEqualTo("Decide");
            assertThat(other.difference().rehearsed()).isEqualTo("Buy");
            assertThat(other.difference().ending().rehearsed()).isEqualTo("cannot be told");
        });
    }

    @Test
    void aRenamedState() {
        world();
        var findings = tried("\"Quote\"", "\"AskForPrice\"");

        assertCounts(findings, 3, 0, 1);
        assertThat(findings.renamed()).isEqualTo(Map.of("Quote → AskForPrice", 3L));
    }

    @Test
    void anotherInputOfATask() {
        world();
        var findings = tried("{\"id.$\": \"$.id\"}", "{\"number.$\": \"$.id\"}");

        assertThat(of(findings, "cheap")).isInstanceOfSatisfying(Verdict.Other.class, other -> {
            assertThat(other.difference().kind()).isEqualTo(Kind.TASK_INPUT);
            assertThat(other.difference().state()).isEqualTo("Quote");
            assertThat(other.difference().recorded()).isEqualTo("{\"id\":1}");
            assertThat(other.difference().rehearsed()).isEqualTo("{\"number\":1}");
        });
    }

    @Test
    void anotherOutput() {
        world();
        var findings = tried("\"all.$\": \"$\"", "\"both.$\": \"$\"");

        assertCounts(findings, 2, 1, 1);
        assertThat(of(findings, "cheap"))
                .isInstanceOfSatisfying(
                        Verdict.Other.class,
                        other -> assertThat(other.difference().kind()).isEqualTo(Kind.OUTPUT));
    }

    @Test
    void noRetryAnyMore() {
        world();
        var findings = tried("\"MaxAttempts\": 2", "\"MaxAttempts\": 0");

        assertThat(of(findings, "cheap"))
                .isInstanceOfSatisfying(
                        Verdict.Other.class,
                        other -> assertThat(other.difference().ending().rehearsed())
                                .isEqualTo("FAILED Busy"));
    }

    @Test
    void aLongerTimeoutCannotBeTold() {
        world();
        var findings = tried("\"TimeoutSeconds\": 60", "\"TimeoutSeconds\": 90");

        assertCounts(findings, 2, 0, 2);
        assertThat(of(findings, "unquoted")).isEqualTo(new Verdict.CannotTell(Reason.NOT_ANSWERED, "state Quote"));
    }

    @Test
    void aShorterTimeoutComesFirst() {
        world();
        var findings = tried("\"TimeoutSeconds\": 60", "\"TimeoutSeconds\": 30");

        assertCounts(findings, 3, 0, 1);
    }

    @Test
    void onlySoMany() {
        world();
        var findings = WhatIf.run(
                log,
                Optional.empty(),
                new HistorySelection(
                        Optional.of(Recorder.START.plus(Duration.ofMillis(1))), Optional.empty(), Optional.of("order")),
                DEFINITION,
                2);
        assertThat(findings.same() + findings.cannotTell() + findings.leftOut()).isEqualTo(4);
        assertThat(findings.leftOut()).isPositive();
    }

    static final String PACKED = """
        {"StartAt": "All", "States": {
          "All": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.packed", "Next": "Bill",
            "ItemProcessor": {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "TimeoutSeconds": 90,
              "Resource": "arn:aws:lambda:us-east-1:000000000000:function:pack", "End": true}}}},
          "Bill": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bill", "End": true}}}
        """;

    /** Three items, two at once, the later one first. */
    @Test
    void aMapGoesTheSameWay() {
        var run = recorder.start(
                recorder.deploy("packing", PACKED, Set.of()), "packed", Document.ofTrusted("{\"items\":[1,2,3]}"));
        while (!run.ended) {
            recorder.advanceTo(recorder.now().plusMillis(500));
            run.complete(run.open.lastEntry().getKey(), Document.ofTrusted("\"packed at " + recorder.now() + "\""));
        }

        var sooner = PACKED.replace("\"TimeoutSeconds\": 90", "\"TimeoutSeconds\": 80");
        assertCounts(tried(log, "packing", sooner), 1, 0, 0);
    }

    /** What came too late came all the same: with more time it would have been in time. */
    @Test
    void anAnswerThatCameTooLate() {
        var late = start("late");
        recorder.advanceTo(recorder.now().plusSeconds(70));
        answer(late, "quote", "{\"price\":150}");

        assertCounts(tried("\"TimeoutSeconds\": 60", "\"TimeoutSeconds\": 65"), 1, 0, 0);
        assertThat(of(tried("\"TimeoutSeconds\": 60", "\"TimeoutSeconds\": 90"), "late"))
                .isInstanceOfSatisfying(Verdict.Other.class, other -> {
                    assertThat(other.difference().state()).isEqualTo("Quote");
                    assertThat(other.difference().rehearsed()).isEqualTo("Decide");
                    assertThat(other.difference().ending())
                            .isEqualTo(new Verdict.Ending("FAILED States.Timeout", "FAILED TooDear"));
                });
    }

    /** The second of three items breaks, and the execution with it; redriven, all are packed, the later ones first. */
    private void redrivenMap() {
        var packing = recorder.deploy("packing", PACKED, Set.of());
        var run = recorder.start(packing, "redriven", Document.ofTrusted("{\"items\":[1,2,3]}"));
        recorder.advanceTo(recorder.now().plusMillis(500));
        var broken = run.open.lastEntry().getKey();
        run.send(
                new Command.FailTask(
                        broken,
                        run.bindings.getOrDefault(broken, ""),
                        Optional.of("Broken"),
                        Optional.empty(),
                        recorder.now()),
                Optional.empty());
        recorder.advanceTo(recorder.now().plusMillis(500));
        run.send(new Command.Redrive(), Optional.empty());
        while (!run.ended) {
            recorder.advanceTo(recorder.now().plusMillis(500));
            run.complete(run.open.lastEntry().getKey(), Document.ofTrusted("\"packed at " + recorder.now() + "\""));
        }
    }

    @Test
    void aRedrivenMapGoesTheSameWay() {
        redrivenMap();

        assertCounts(
                tried(log, "packing", PACKED.replace("\"TimeoutSeconds\": 90", "\"TimeoutSeconds\": 80")), 1, 0, 0);
    }

    @Test
    void whatIsCaughtIsNotRedriven() {
        redrivenMap();
        var caught = PACKED.replace(
                        "\"Next\": \"Bill\",",
                        "\"Next\": \"Bill\", \"Catch\": [{\"ErrorEquals\": [\"Broken\"], \"Next\": \"Refund\"}],")
                .replace("\"Bill\": {", "\"Refund\": {\"Type\": \"Pass\", \"End\": true}, \"Bill\": {");

        assertThat(of(tried(log, "packing", caught), "redriven")).isInstanceOfSatisfying(Verdict.Other.class, other -> {
            assertThat(other.difference().state()).isEqualTo("All");
            assertThat(other.difference().recorded()).isEqualTo("Bill");
            assertThat(other.difference().rehearsed()).isEqualTo("Refund");
            assertThat(other.difference().ending()).isEqualTo(new Verdict.Ending("SUCCEEDED", "SUCCEEDED"));
        });
    }

    @Test
    void randomWorldsGoTheirOwnWay() throws IOException {
        var same = 0L;
        for (var seed = 0; seed < 40; seed++) {
            var world = RandomWorld.record(seed, 2, 2, 4);
            for (var revision : world.definitions().entrySet()) {
                var exact = tried(world, revision.getKey(), revision.getValue());
                assertThat(exact.other())
                        .as("seed %d, %s", seed, exact.groups())
                        .isZero();
                // With a longer timeout the very first step is another one, so that every execution is rehearsed.
                var late = withItemsThatTimedOut(world);
                var rehearsed = tried(world, revision.getKey(), withLongerTimeout(revision.getValue()));
                assertThat(rehearsed.groups())
                        .as("seed %d, %s", seed, revision.getKey())
                        .noneMatch(group -> goesAnotherWayThoughInTime(group, late));
                same += exact.same() + rehearsed.same();
            }
        }
        System.out.println(same + " random executions would have gone the same way, tried twice");
        assertThat(same).isGreaterThan(300);
    }

    /** What timed out as a whole, or in an item of a Map, has more time now. */
    private static boolean goesAnotherWayThoughInTime(Findings.Group group, Set<String> late) {
        return group.first() instanceof Verdict.Other(var difference)
                && !difference.ending().recorded().equals("TIMED_OUT")
                && !late.containsAll(group.executions());
    }

    /** Executions with an item's that timed out, and what those are items of. */
    private static Set<String> withItemsThatTimedOut(MemoryLog world) {
        var parents = new HashMap<String, String>();
        var late = new HashSet<String>();
        new HistoryScan(world).run(HistorySelection.ALL, entry -> {
            var record = entry.record();
            if (record.getCommand() instanceof Started started
                    && started.getParent() != null
                    && started.getParent().getMapState() != null) {
                parents.put(record.getExecutionArn(), started.getParent().getExecutionArn());
            }
            if (record.getEvents().stream().anyMatch(event -> event.getType().equals("ExecutionTimedOut"))) {
                late.add(record.getExecutionArn());
            }
            return true;
        });
        for (var arn : List.copyOf(late)) {
            for (var parent = parents.get(arn); parent != null; parent = parents.get(parent)) {
                late.add(parent);
            }
        }
        return late;
    }

    /** Of a definition that has a timeout. */
    private static String withLongerTimeout(String definition) throws IOException {
        var json = (ObjectNode) new ObjectMapper().readTree(definition);
        return json.has("TimeoutSeconds")
                ? json.put("TimeoutSeconds", 9_000_000).toString()
                : definition;
    }
}
