package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.ExecutionIdentity.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the interpreter's limits let pass, and what not: at the limit, and one beyond it. */
class LimitsTest {

    private static final Limits AWS = Limits.DEFAULT;
    private static final String TOO_LARGE = "States.DataLimitExceeded";

    private record Due(Instant at, Command command) {}

    private record Ran(Outcome outcome, List<HistoryEvent> history) {
        String ending() {
            return switch (outcome) {
                case Outcome.Succeeded _ -> "succeeded";
                case Outcome.Failed(var error, var _) -> error.orElse("failed");
                case Outcome.TimedOut() -> "timed out";
                case Outcome.Aborted _ -> "aborted";
            };
        }
    }

    private static Ran run(String definition, String input, Limits limits, Kind kind) {
        var machine = switch (StateMachine.parse(definition.replace('\'', '"'))) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        var identity = new ExecutionIdentity("arn:aws:states:r:1:e:m:n", "n", "m", "m", "role", "revision", kind);
        var rows = new StoredRows();
        var history = new ArrayList<HistoryEvent>();
        var now = InterpreterDriver.START;
        var commands = new ArrayDeque<Command>();
        var timers = new PriorityQueue<Due>(java.util.Comparator.comparing(Due::at));
        commands.add(new Command.Start(identity, InterpreterDriver.json(input)));
        var seed = 0;
        while (true) {
            if (commands.isEmpty()) {
                var due = timers.remove();
                now = due.at;
                commands.add(due.command);
            }
            var inputs = new Inputs(
                    machine, now, ++seed, limits, "0123456789abcdef", t -> "t" + t, _ -> true, false, Optional.empty());
            var step = Interpreter.step(rows, commands.remove(), inputs);
            rows.apply(step);
            for (var effect : step.effects()) {
                if (effect instanceof Effect.RecordHistory(var event)) {
                    history.add(event);
                } else if (effect instanceof Effect.Continue(var ticket)) {
                    commands.add(new Command.Continue(ticket));
                } else if (effect instanceof Effect.StartTimer(var ticket, var due, var _)) {
                    timers.add(new Due(due, new Command.FireTimer(ticket, due)));
                } else if (effect instanceof Effect.Close(var outcome)) {
                    return new Ran(outcome, history);
                }
            }
        }
    }

    private static String ending(String definition, String input) {
        return run(definition, input, AWS, Kind.STANDARD).ending();
    }

    /** A JSON string of so many bytes, its quotes counted. */
    private static String text(int bytes) {
        return "'" + "x".repeat(bytes - 2) + "'";
    }

    @Test
    void aPayload() {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Pass','Result':%s,'End':true}}}";
        assertThat(ending(machine.formatted(text(262_144)), "{}")).isEqualTo("succeeded");
        assertThat(ending(machine.formatted(text(262_145)), "{}")).isEqualTo(TOO_LARGE);
    }

    @Test
    void whatOneAssignAssigns() {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Pass','Assign':{'a':%s,'b':%s},'End':true}}}";
        assertThat(ending(machine.formatted(text(131_072), text(131_072)), "{}"))
                .isEqualTo("succeeded");
        assertThat(ending(machine.formatted(text(131_072), text(131_073)), "{}"))
                .isEqualTo(TOO_LARGE);
    }

    @Test
    void theVariablesOfAScope() {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Pass','Assign':{'a':%s},'Next':'B'},"
                + "'B':{'Type':'Pass','Assign':{'b':%s},'Next':'C'},'C':{'Type':'Pass','Assign':{'a':%s},'End':true}}}";
        var limits = new Limits(100, 512 * 1024, 16, 256 * 1024, 25_000, 16, 1_000, 1_500, 300, 1_000, 40, 14);
        assertThat(run(machine.formatted(text(1_000), text(500), text(900)), "{}", limits, Kind.STANDARD)
                        .ending())
                .isEqualTo("succeeded");
        assertThat(run(machine.formatted(text(1_000), text(501), text(900)), "{}", limits, Kind.STANDARD)
                        .ending())
                .isEqualTo(TOO_LARGE);
    }

    @Test
    void aCatcherThatAssignsTooMuchDoesNotCatchThat() {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Parallel','Next':'B','Branches':"
                + "[{'StartAt':'F','States':{'F':{'Type':'Fail','Error':'e'}}}],"
                + "'Catch':[{'ErrorEquals':['e','States.DataLimitExceeded'],'Assign':{'a':%s},'Next':'B'}]},"
                + "'B':{'Type':'Succeed'}}}";
        assertThat(ending(machine.formatted(text(262_144)), "{}")).isEqualTo("succeeded");
        assertThat(ending(machine.formatted(text(262_145)), "{}")).isEqualTo(TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({
        "299, EXPRESS, succeeded",
        "300, EXPRESS, timed out",
        "300, EXPRESS_SYNC, timed out",
        "9000, STANDARD, succeeded"
    })
    void howLongAnExpressExecutionLasts(int seconds, Kind kind, String ending) {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Wait','Seconds':" + seconds + ",'End':true}}}";
        assertThat(run(machine, "{}", AWS, kind).ending()).isEqualTo(ending);
    }

    @Test
    void aShorterTimeOfTheMachineItselfCounts() {
        var machine = "{'StartAt':'A','TimeoutSeconds':%d,'States':{'A':{'Type':'Wait','Seconds':100,'End':true}}}";
        var ran = run(machine.formatted(50), "{}", AWS, Kind.EXPRESS);
        assertThat(ran.ending()).isEqualTo("timed out");
        assertThat(ran.history.getLast().previousEventId()).isZero();
        assertThat(ran.history.getLast().details())
                .containsEntry("error", new HistoryEvent.Detail.Text("States.Timeout"));
        assertThat(run(machine.formatted(1000), "{}", AWS, Kind.EXPRESS).ending())
                .isEqualTo("succeeded");
    }

    /** AWS's event 25,000 is the failure itself, behind the last event that the machine made. */
    @Test
    void theHistory() {
        var loop =
                "{'StartAt':'A','States':{'A':{'Type':'Choice','Choices':[{'Variable':'$.end','IsPresent':true,'Next':'B'}],"
                        + "'Default':'A'},'B':{'Type':'Succeed'}}}";
        var ran = run(loop, "{}", AWS, Kind.STANDARD);
        var last = ran.history.getLast();
        assertThat(ran.ending()).isEqualTo("States.Runtime");
        assertThat(ran.history).hasSize(25_000);
        assertThat(last.id()).isEqualTo(25_000);
        assertThat(last.previousEventId()).isEqualTo(24_999);
        assertThat(last.details())
                .containsEntry(
                        "cause",
                        new HistoryEvent.Detail.Text(
                                "The execution reached the maximum number of history events (25000)."));
        assertThat(ran.history.get(24_998).type()).isEqualTo(HistoryEventType.CHOICE_STATE_EXITED);

        var two = "{'StartAt':'A','States':{'A':{'Type':'Succeed'}}}";
        assertThat(run(two, "{}", new Limits(1, 1, 1, 1000, 4, 1), Kind.STANDARD)
                        .ending())
                .isEqualTo("succeeded");
        assertThat(run(two, "{}", new Limits(1, 1, 1, 1000, 3, 1), Kind.STANDARD)
                        .ending())
                .isEqualTo("States.Runtime");
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "2,0,2", "3,2,2", "40,5,3"})
    void howManyIterationsRunAtOnce(int limit, int concurrency, int most) {
        var definition = ("{'StartAt':'M','States':{'M':{'Type':'Map','MaxConcurrency':" + concurrency
                        + ",'End':true,'ItemProcessor':{'StartAt':'T','States':{'T':{'Type':'Task','End':true,"
                        + "'Resource':'arn:stepstream:kafka:::t'}}}}}}")
                .replace('\'', '"');
        assertThat(asked(
                        definition,
                        new Limits(100, 512 * 1024, 16, 1000, 100, 3, 1000, 1000, 300, 1000, limit, 14),
                        effect -> effect instanceof Effect.RequestTask))
                .isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "2,0,2", "3,2,2", "40,5,3"})
    void howManyChildrenOfAMapRunAtOnce(int limit, int concurrency, int most) {
        var definition = ("{'StartAt':'M','States':{'M':{'Type':'Map','MaxConcurrency':" + concurrency
                        + ",'End':true,'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},"
                        + "'StartAt':'P','States':{'P':{'Type':'Pass','End':true}}}}}}")
                .replace('\'', '"');
        assertThat(asked(
                        definition,
                        new Limits(100, 512 * 1024, 16, 1000, 100, 3, 1000, 1000, 300, limit, 40, 14),
                        effect -> effect instanceof Effect.StartChild))
                .isEqualTo(most);
    }

    /** How many such effects the first step has, for three items. */
    private static long asked(String definition, Limits limits, Predicate<Effect> which) {
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        var inputs = new Inputs(
                machine,
                InterpreterDriver.START,
                1,
                limits,
                World.BINDING,
                ticket -> "t" + ticket,
                _ -> true,
                false,
                Optional.empty());
        var start = new Command.Start(InterpreterDriver.identity(), InterpreterDriver.json("[1,2,3]"));
        return Interpreter.step(new StoredRows(), start, inputs).effects().stream()
                .filter(which)
                .count();
    }

    @Test
    void nesting() {
        var inner = "{'StartAt':'Z','States':{'Z':{'Type':'Succeed'}}}";
        for (var i = 0; i < 3; i++) {
            inner = "{'StartAt':'P" + i + "','States':{'P" + i + "':{'Type':'Parallel','End':true,'Branches':[" + inner
                    + "]}}}";
        }
        assertThat(run(inner, "{}", new Limits(100, 512 * 1024, 16, 1000, 100, 3), Kind.STANDARD)
                        .ending())
                .isEqualTo("succeeded");
        assertThat(run(inner, "{}", new Limits(100, 512 * 1024, 16, 1000, 100, 2), Kind.STANDARD)
                        .ending())
                .isEqualTo("States.Runtime");
    }
}
