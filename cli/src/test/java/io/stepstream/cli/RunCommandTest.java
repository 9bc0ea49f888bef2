package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {

    private static final String TASK = """
            {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:stepstream:kafka:::charge-card", "End": true,
              "TimeoutSeconds": 60, "Retry": [{"ErrorEquals": ["Down"], "IntervalSeconds": 5, "MaxAttempts": 2}]}}}
            """;

    private static final String INVOCATION = """
            {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {"FunctionName": "charge"}, "OutputPath": "$.Payload", "End": true,
              "Retry": [{"ErrorEquals": ["Down"], "MaxAttempts": 5}]}}}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"charge-card": {"paid": true}}                     | 0 | SUCCEEDED {"paid":true}
                    {"Charge": 1, "charge-card": 2}                     | 0 | SUCCEEDED 1
                    {"charge-card": {"error": "Declined"}}              | 1 | FAILED Declined
                    {"charge-card": {"error": "E", "cause": "because"}} | 1 | FAILED E: because
                    {"charge-card": {"error": "E", "code": 7}}          | 0 | SUCCEEDED {"error":"E","code":7}
                    {"charge-card": [{"error": "Down"}, [1, 2]]}        | 0 | SUCCEEDED [1,2]
                    {"charge-card": [{"error": "Down"}]}                | 1 | FAILED Down
                    """)
    void theSimpleFormOfMocks(String mocks, int status, String last) throws IOException {
        var said = run(TASK, "--mock", file("mocks.json", mocks));
        assertThat(said.out().strip().lines().toList().getLast()).isEqualTo(last);
        assertThat(said.status()).isEqualTo(status);
    }

    @Test
    void theMocksOfStepFunctionsLocal() throws IOException {
        var mocks = file("MockConfigFile.json", """
                {"StateMachines": {"Orders": {"TestCases": {
                   "HappyPath": {"Charge": "Charged"}, "RetryPath": {"Charge": "ChargedLate"}, "TooShort": {"Charge": "Down"}}}},
                 "MockedResponses": {
                   "Charged": {"0": {"Return": {"StatusCode": 200, "Payload": {"paid": true}}}},
                   "ChargedLate": {"0": {"Throw": {"Error": "Down", "Cause": "503"}}, "1-2": {"Throw": {"Error": "Down", "Cause": "504"}},
                                   "3": {"Return": {"StatusCode": 200, "Payload": {"paid": "late"}}}},
                   "Down": {"0": {"Throw": {"Error": "Down", "Cause": "503"}}}}}
                """);
        assertThat(run(INVOCATION, "--name", "Orders", "--mock", mocks, "--test-case", "HappyPath")
                        .out())
                .endsWith("SUCCEEDED {\"paid\":true}\n");
        var late = run(INVOCATION, "--mock", mocks, "--test-case", "RetryPath");
        assertThat(late.out()).contains("+7s").endsWith("SUCCEEDED {\"paid\":\"late\"}\n");
        assertThat(run(INVOCATION, "--mock", mocks, "--test-case", "TooShort").err())
                .isEqualTo("stepstream: " + mocks
                        + ": MockedResponses/Down has no attempt 1, which state Charge asks for");
        assertThat(run(INVOCATION, "--mock", mocks).err())
                .isEqualTo("stepstream: " + mocks
                        + " has under TestCases [HappyPath, RetryPath, TooShort]: choose one by --test-case");
        assertThat(run(INVOCATION, "--mock", mocks, "--test-case", "None").err())
                .contains("and no None");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"paid": true}         | 0 | SUCCEEDED {"paid":true}
                    fail Declined no money | 1 | FAILED Declined: no money
                    fail                   | 1 | FAILED
                    never                  | 1 | FAILED States.Timeout
                    {oops\\n7              | 0 | SUCCEEDED 7
                    """)
    void aPersonAnswers(String typed, int status, String last) throws IOException {
        var said = Said.with(
                typed.replace("\\n", "\n") + "\n", Keyboard.Sitting.SOMEBODY, "run", file("m.asl.json", TASK));
        assertThat(said.out()).contains("task charge-card, of state Charge, is given {}");
        assertThat(said.out().strip().lines().toList().getLast()).isEqualTo(last);
        assertThat(said.status()).isEqualTo(status);
    }

    @Test
    void childExecutionsRunOtherDefinitions() throws IOException {
        var parent = """
                {"StartAt": "Child", "States": {"Child": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
                  "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:billing", "Input": {"id.$": "$.id"}},
                  "OutputPath": "$.Output", "End": true}}}
                """;
        var child = file("child.asl.json", TASK);
        var mocks = file("mocks.json", "{\"charge-card\": {\"paid\": true}}");
        var said = run(parent, "--input", "{\"id\": 7}", "--machine", "billing=" + child, "--mock", mocks);
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("billing/").endsWith("SUCCEEDED {\"paid\":true}\n");
        assertThat(run(parent, "--input", "{\"id\": 7}").out())
                .contains("FAILED StepFunctions.StateMachineDoesNotExist");
    }

    @Test
    void nobodyAnswers() throws IOException {
        var said = run(TASK);
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err())
                .isEqualTo("stepstream: nobody answers task charge-card of state Charge: give its result in a file by"
                        + " --mock, or run this on a terminal");
    }

    @Test
    void nobodyEverWill() throws IOException {
        var said = Said.with("never\n", Keyboard.Sitting.SOMEBODY, "run", file("m.asl.json", INVOCATION));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err())
                .isEqualTo("stepstream: the execution waits for ever: state Charge has no answer and no timeout");
    }

    @Test
    void theSameArgumentsGiveTheSameRun() throws IOException {
        var random = """
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "at.$": "$$.State.EnteredTime"}, "End": true}}}
                """;
        var first = run(random, "--now", "2026-01-01T00:00:00Z", "--seed", "7", "--json");
        assertThat(first.status()).isEqualTo(0);
        assertThat(first.out()).contains("2026-01-01T00:00:00");
        assertThat(run(random, "--now", "2026-01-01T00:00:00Z", "--seed", "7", "--json"))
                .isEqualTo(first);
        assertThat(run(random, "--now", "2026-01-01T00:00:00Z", "--seed", "8", "--json")
                        .out())
                .isNotEqualTo(first.out());
    }

    @Test
    void programsGetTheEventsOfGetExecutionHistory() throws IOException {
        var pass = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}";
        assertThat(run(pass, "--json", "--now", "2026-01-01T00:00:00.5Z").out().lines())
                .containsExactly(
                        "{\"timestamp\":1767225600.500,\"type\":\"ExecutionStarted\",\"id\":1,\"previousEventId\":0,\"executionStartedEventDetails\":"
                                + "{\"input\":\"{}\",\"inputDetails\":{\"truncated\":false},\"roleArn\":\"arn:aws:iam::000000000000:role/stepstream\"}}",
                        "{\"timestamp\":1767225600.500,\"type\":\"PassStateEntered\",\"id\":2,\"previousEventId\":0,\"stateEnteredEventDetails\":"
                                + "{\"input\":\"{}\",\"inputDetails\":{\"truncated\":false},\"name\":\"A\"}}",
                        "{\"timestamp\":1767225600.500,\"type\":\"PassStateExited\",\"id\":3,\"previousEventId\":2,\"stateExitedEventDetails\":"
                                + "{\"name\":\"A\",\"output\":\"{}\",\"outputDetails\":{\"truncated\":false}}}",
                        "{\"timestamp\":1767225600.500,\"type\":\"ExecutionSucceeded\",\"id\":4,\"previousEventId\":3,\"executionSucceededEventDetails\":"
                                + "{\"output\":\"{}\",\"outputDetails\":{\"truncated\":false}}}",
                        "{\"status\":\"SUCCEEDED\",\"output\":\"{}\"}");
    }

    @Test
    void anInputComesFromTheLineAFileOrStandardInput() throws IOException {
        var machine =
                file("pass.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}");
        assertThat(Said.by("run", machine, "--input", "{\"a\": 1}").out()).endsWith("SUCCEEDED {\"a\":1}\n");
        assertThat(Said.by("run", machine, "--input", "@" + file("in.json", "[2]"))
                        .out())
                .endsWith("SUCCEEDED [2]\n");
        assertThat(Said.with("3", Keyboard.Sitting.NOBODY, "run", machine, "--input", "-")
                        .out())
                .endsWith("SUCCEEDED 3\n");
    }

    @Test
    void aLoopEndsAtTheLimitOfItsHistory() throws IOException {
        var loop = """
                {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "Next": "B"}, "C": {"Type": "Succeed"},
                  "B": {"Type": "Choice", "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "C"}], "Default": "A"}}}
                """;
        assertThat(run(loop, "--json").out()).contains("{\"status\":\"FAILED\",\"error\":\"States.Runtime\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    --input {oops         | stepstream: --input is not JSON
                    --now yesterday       | Invalid value for option '--now'
                    --seed x              | Invalid value for option '--seed'
                    --mock nowhere.json   | stepstream: there is no file nowhere.json
                    --input @nowhere.json | stepstream: there is no file nowhere.json
                    """)
    void wrongUse(String options, String message) throws IOException {
        var said = run(TASK, options.split(" "));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err()).startsWith(message);
    }

    @Test
    void anInvalidDefinitionIsToldAndNotRun() throws IOException {
        var said = run("{\"StartAt\": \"A\", \"States\": {}}");
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.out()).contains("error");
        assertThat(said.err()).isEqualTo("stepstream: an invalid definition is not run");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    []                                                                       | is not a JSON object
                    {"charge-card": []}                                                      | charge-card has no answer
                    {"MockedResponses": {}, "StateMachines": {"m": {"TestCases": {"T": {"Charge": "R"}}}}}                          | MockedResponses has no R
                    {"MockedResponses": {"R": {"x": {"Return": 1}}}, "StateMachines": {"m": {"TestCases": {"T": {"Charge": "R"}}}}} | R/x names no attempts
                    {"MockedResponses": {"R": {"0": {"Throw": 1}}}, "StateMachines": {"m": {"TestCases": {"T": {"Charge": "R"}}}}}  | R/0 has neither Return nor Throw
                    """)
    void mocksThatAreNone(String mocks, String message) throws IOException {
        var said = run(TASK, "--mock", file("mocks.json", mocks));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err()).contains(message);
    }

    private Said run(String definition, String... options) throws IOException {
        var args = new ArrayList<>(List.of("run", file("m.asl.json", definition)));
        Stream.of(options).forEach(args::add);
        return Said.by(args.toArray(String[]::new));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
