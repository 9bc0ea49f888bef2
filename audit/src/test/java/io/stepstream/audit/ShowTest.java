package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.show.ExecutionAt;
import io.stepstream.audit.show.Moment;
import io.stepstream.audit.show.NothingToShow;
import io.stepstream.audit.show.Snapshot;
import io.stepstream.audit.show.SnapshotJson;
import io.stepstream.audit.show.SnapshotTree;
import io.stepstream.audit.show.Tree;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.schemas.Arns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An execution is shown as it was after any of its steps. */
class ShowTest {
    private static final int WORLDS = 12;
    private static final String DEFINITION = """
        {"StartAt": "Both", "QueryLanguage": "JSONata", "States": {
          "Both": {"Type": "Parallel", "Assign": {"seen": true}, "Next": "Pause", "Branches": [
            {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Arguments": {"FunctionName": "ask", "Payload": {"token": "{% $states.context.Task.Token %}"}},
              "TimeoutSeconds": 60, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5}], "End": true}}},
            {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 30, "End": true}}}]},
          "Pause": {"Type": "Wait", "Seconds": 10, "Output": {"all": "{% $states.input %}"}, "End": true}}}
        """;

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(2, log.registry, Limits.DEFAULT, log);
    private final Recorder.Run run =
            recorder.start(recorder.deploy("both", DEFINITION, Set.of()), "one", Document.ofTrusted("{\"n\":1}"));
    private final String arn = run.toString();

    private Snapshot at(Moment moment) {
        return new ExecutionAt(log, Optional.empty(), arn).at(moment);
    }

    private void fail(String error) {
        var ticket = run.open.keySet().iterator().next();
        run.send(
                new Command.FailTask(
                        ticket,
                        run.bindings.getOrDefault(ticket, ""),
                        Optional.of(error),
                        Optional.empty(),
                        recorder.now()),
                Optional.empty());
    }

    private void fireNext() {
        var next =
                run.timers.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
        recorder.advanceTo(next.getValue());
        run.timers.remove(next.getKey());
        run.send(new Command.FireTimer(next.getKey(), next.getValue()), Optional.empty());
    }

    @Test
    void whatItWaitsForIsShownAtAnyTime() {
        recorder.advanceTo(Recorder.START.plusSeconds(1));
        fail("Busy");
        fireNext();
        var waiting = at(new Moment.Latest());
        run.complete(run.open.keySet().iterator().next(), Document.ofTrusted("\"yes\""));
        fireNext();
        fireNext();

        assertThat(waiting.notes()).isEmpty();
        assertThat(waiting.status()).isEqualTo("RUNNING");
        var root = waiting.frames().orElseThrow();
        assertThat(root.waitsFor()).contains(new Snapshot.Wait.ForChildren(2, 2, 0));
        assertThat(root.children()).extracting(Snapshot.Frame::path).containsExactly("/0/", "/1/");
        assertThat(root.children().getFirst().retries()).containsExactly(1);
        assertThat(root.children().getFirst().phase()).isEqualTo("awaiting task");
        assertThat(waiting.tasks()).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("ask");
            assertThat(task.input()).hasToString("{\"token\":\"***\"}");
            assertThat(task.timeout()).contains(Recorder.START.plusSeconds(66));
        });
        var before = at(new Moment.Time(Recorder.START.plusSeconds(3)));
        assertThat(before.frames().orElseThrow().children().getFirst().phase()).isEqualTo("backing off");
        assertThat(before.tasks()).isEmpty();
        var last = at(new Moment.Latest());
        assertThat(last.status()).isEqualTo("SUCCEEDED");
        assertThat(last.frames()).isEmpty();
        assertThat(last.end().orElseThrow().output().orElseThrow()).hasToString("{\"all\":[\"yes\",{\"n\":1}]}");
        assertThat(at(new Moment.Event(last.place().event() - 4))
                        .frames()
                        .orElseThrow()
                        .variables())
                .containsOnlyKeys("seen");
    }

    @Test
    void theTreeOfATerminal() {
        recorder.advanceTo(Recorder.START.plusSeconds(1));
        fail("Busy");
        fireNext();

        assertThat(SnapshotTree.lines(at(new Moment.Latest()), 80, Tree.Colours.NONE))
                .containsExactly(
                        "both / one  RUNNING",
                        "├─ as of     2026-01-01T00:00:06Z, step 3 (TimerFired), event 12",
                        "├─ arn       arn:aws:states:us-east-1:000000000000:execution:both:one",
                        "├─ revision  " + at(new Moment.Latest()).revision(),
                        "├─ started   2026-01-01T00:00:00Z",
                        "├─ input     {\"n\":1}",
                        "└─ / Both  joining children",
                        "   ├─ entered   2026-01-01T00:00:00Z",
                        "   ├─ data      {\"n\":1}",
                        "   ├─ children  0 of 2 have ended, 2 run",
                        "   ├─ /0/ Ask  awaiting task",
                        "   │  ├─ entered  2026-01-01T00:00:00Z",
                        "   │  ├─ data     {\"n\":1}",
                        "   │  ├─ retries  1",
                        "   │  └─ task #4  ask",
                        "   │     ├─ state      Ask",
                        "   │     ├─ token      ***",
                        "   │     ├─ requested  2026-01-01T00:00:06Z",
                        "   │     ├─ timeout    2026-01-01T00:01:06Z",
                        "   │     └─ input      {\"token\":\"***\"}",
                        "   └─ /1/ Rest  sleeping",
                        "      ├─ entered  2026-01-01T00:00:00Z",
                        "      ├─ data     {\"n\":1}",
                        "      └─ until    2026-01-01T00:00:30Z");
    }

    @Test
    void whatThereIsNot() {
        assertThatThrownBy(() -> at(new Moment.Event(99)))
                .isInstanceOf(NothingToShow.class)
                .hasMessageContaining("there is no event 99")
                .hasMessageContaining("from 1 to");
        assertThatThrownBy(() -> at(new Moment.Event(0))).hasMessageContaining("numbered from 1");
        assertThatThrownBy(() -> at(new Moment.Time(Recorder.START.minusMillis(1))))
                .isInstanceOf(NothingToShow.class)
                .hasMessageContaining("there was no " + arn + " yet");
        var unknown = Arns.DEFAULT.execution("both", "nobody");
        assertThatThrownBy(() -> new ExecutionAt(log, Optional.empty(), unknown).at(new Moment.Latest()))
                .isInstanceOf(NothingToShow.class)
                .hasMessageContaining("no record of an execution " + unknown);
    }

    @Test
    void everyStepOfRandomWorldsIsShown() {
        var shown = 0;
        for (var seed = 0; seed < WORLDS; seed++) {
            var world = RandomWorld.record(seed, 2, 2, 2);
            var byExecution = new HashMap<String, List<Entry>>();
            Entries.of(world)
                    .forEach(entry -> byExecution
                            .computeIfAbsent(entry.record().getExecutionArn(), _ -> new ArrayList<>())
                            .add(entry));
            for (var execution : byExecution.entrySet()) {
                shown += show(world, execution.getKey(), execution.getValue());
            }
        }
        assertThat(shown).isGreaterThan(WORLDS * 10);
    }

    /** What the rows say of tasks must be what the records say; both are told in lines that fit. */
    private static int show(MemoryLog world, String execution, List<Entry> entries) {
        var open = new TreeSet<Long>();
        var shown = 0;
        for (var entry : entries) {
            for (var change : entry.record().getTasks()) {
                if (change.getChange().equals("REQUESTED")) {
                    open.add(change.getTicket());
                } else {
                    open.remove(change.getTicket());
                }
            }
            if (!entry.record().getEvents().isEmpty()) {
                var event = entry.record().getEvents().getLast();
                var snapshot = new ExecutionAt(world, Optional.empty(), execution).at(new Moment.Event(event.getId()));
                assertThat(snapshot.place().step()).isEqualTo(entry.record().getStep());
                assertThat(snapshot.notes()).isEmpty();
                // Of what a child does there is no request, so the records of tasks do not tell of it.
                assertThat(snapshot.tasks().stream().filter(task -> task.child().isEmpty()))
                        .extracting(Snapshot.Task::ticket)
                        .as("%s, event %d", execution, event.getId())
                        .containsExactlyElementsOf(open);
                assertThat(SnapshotTree.lines(snapshot, 80, Tree.Colours.NONE))
                        .allMatch(line -> line.length() <= 80)
                        .noneMatch(line -> line.contains("\u001b"));
                assertThat(SnapshotJson.of(snapshot).path("tasks")).hasSameSizeAs(snapshot.tasks());
                shown++;
            }
        }
        return shown;
    }
}
