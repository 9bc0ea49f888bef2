package io.stepstream.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.Observer;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Setting;
import io.stepstream.cli.run.Asking;
import io.stepstream.cli.run.HistoryLines;
import io.stepstream.cli.run.HistoryTable;
import io.stepstream.cli.run.Mocks;
import io.stepstream.cli.validate.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream run}: an execution in memory. No Kafka, no workers, and no waiting. */
@Command(
        name = "run",
        description = {
            "Runs a definition in memory and prints its history. Time is skipped: a wait of a year takes no longer than one of a second.",
            "Tasks are answered from a mock file, or by you."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the execution succeeded", "1:it failed or timed out", "2:it could not be run, or wrong use"},
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The definition; - is standard input.")
    private String file = "";

    @Option(
            names = "--input",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "The execution's input: JSON, @FILE, or - for standard input (default: {}).")
    private String input = "{}";

    @Option(
            names = "--mock",
            paramLabel = "FILE",
            description = {
                "What tasks answer: {\"<state or task>\": RESULT}, where RESULT is the result, {\"error\", \"cause\"}, or an array"
                        + " of these for one request after the other; or a mock configuration file of Step Functions Local."
            })
    private @Nullable String mock;

    @Option(names = "--test-case", paramLabel = "NAME", description = "Which test case of such a configuration file.")
    private @Nullable String testCase;

    @Option(
            names = "--machine",
            paramLabel = "NAME=FILE",
            description =
                    "Another definition, for child executions of the state machine of this name; may be repeated.")
    private Map<String, String> machines = Map.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The state machine's name (default: from FILE's).")
    private @Nullable String name;

    @Option(
            names = "--type",
            defaultValue = "STANDARD",
            description = "Type of the state machine: ${COMPLETION-CANDIDATES} (default: STANDARD).")
    private WorkflowType type = WorkflowType.STANDARD;

    @Option(
            names = "--now",
            paramLabel = "INSTANT",
            description = "When it starts, as in 2026-01-31T12:00:00Z (default: now).")
    private @Nullable Instant now;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Seed of everything random in it (default: a random one).")
    private @Nullable Long seed;

    @Option(
            names = "--json",
            description = "Print each event as JSON, as GetExecutionHistory has it, and the outcome last.")
    private boolean json;

    private final PrintWriter out;
    private final Texts texts;
    private final Keyboard keyboard;

    RunCommand(PrintWriter out, Texts texts, Keyboard keyboard) {
        this.out = out;
        this.texts = texts;
        this.keyboard = keyboard;
    }

    @Override
    public Integer call() {
        var machine = machine(file, texts.read(file));
        var given = input.startsWith("@") ? texts.read(input.substring(1)) : input;
        var document = json("--input", given.equals(Texts.STANDARD_INPUT) ? texts.read(given) : given);
        var mocks = mock == null
                ? Mocks.NONE
                : Mocks.of(mock, json(mock, texts.read(mock)).tree(), machineName(), Optional.ofNullable(testCase));
        var others = new HashMap<String, StateMachine>();
        machines.forEach((child, source) -> others.put(child, machine(source, texts.read(source))));
        var setting = setting().with(others);
        var ending =
                new Rehearsal(machine, setting, new Asking(mocks, keyboard, out), observer(setting)).play(document);
        return tell(ending);
    }

    private StateMachine machine(String name, String text) {
        return switch (StateMachine.parse(text, type)) {
            case Parsed.Valid(var machine, var _) -> machine;
            case Parsed.Invalid(var findings) -> {
                Report.of(name, text, findings).print(out);
                throw new Unusable("an invalid definition is not run");
            }
        };
    }

    private static Document json(String what, String text) {
        try {
            return Document.parse(text);
        } catch (MalformedJson e) {
            throw new Unusable(what + " is not JSON: " + e.getMessage());
        }
    }

    private String machineName() {
        if (name != null) {
            return name;
        }
        var last = Optional.ofNullable(Path.of(file).getFileName())
                .map(Path::toString)
                .orElse(file);
        var stem = last.replaceFirst("(\\.asl)?\\.json$", "");
        return stem.equals(Texts.STANDARD_INPUT) ? "machine" : stem;
    }

    private Setting setting() {
        var from = now == null ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : now;
        return Setting.of(machineName(), type, from, seed == null ? new SecureRandom().nextInt() : seed);
    }

    private Observer observer(Setting setting) {
        if (json) {
            return new HistoryLines(out, setting.execution());
        }
        out.printf("%s, from %s, seed %d%n%n", setting.execution().arn(), setting.from(), setting.seed());
        return new HistoryTable(out, setting.execution(), setting.from());
    }

    private int tell(Ending ending) {
        return switch (ending) {
            case Ending.Ended(var outcome, var _) -> {
                if (json) {
                    printJson(outcome);
                } else {
                    print(outcome);
                }
                yield outcome.status() == ExecutionStatus.SUCCEEDED ? 0 : 1;
            }
            case Ending.Waiting(var tasks) ->
                throw new Unusable("the execution waits for ever: state "
                        + tasks.getFirst().state() + " has no answer and no timeout");
            case Ending.OutOfSteps(var steps) ->
                throw new Unusable("the execution was still going on after " + steps + " steps");
        };
    }

    private void print(Outcome outcome) {
        out.println();
        switch (outcome) {
            case Outcome.Succeeded(var output) -> out.println("SUCCEEDED " + output.tree());
            case Outcome.Failed(var error, var cause) -> printFailure("FAILED", error, cause);
            case Outcome.Aborted(var error, var cause) -> printFailure("ABORTED", error, cause);
            case Outcome.TimedOut() -> out.println("TIMED_OUT");
        }
    }

    private void printFailure(String status, Optional<String> error, Optional<String> cause) {
        out.println(status
                + error.map(name -> " " + name).orElse("")
                + cause.map(text -> ": " + text).orElse(""));
    }

    /** The outcome in the words of DescribeExecution. */
    private void printJson(Outcome outcome) {
        var line = JsonNodeFactory.instance
                .objectNode()
                .put("status", outcome.status().name());
        switch (outcome) {
            case Outcome.Succeeded(var output) -> line.put("output", output.text());
            case Outcome.Failed(var error, var cause) -> {
                error.ifPresent(text -> line.put("error", text));
                cause.ifPresent(text -> line.put("cause", text));
            }
            case Outcome.Aborted(var error, var cause) -> {
                error.ifPresent(text -> line.put("error", text));
                cause.ifPresent(text -> line.put("cause", text));
            }
            case Outcome.TimedOut() -> {}
        }
        out.println(line);
    }
}
