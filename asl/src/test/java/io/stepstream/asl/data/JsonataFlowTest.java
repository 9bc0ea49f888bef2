package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.DataFlow.Flowed;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonataFlowTest {

    private static final FixedContext CONTEXT = FixedContext.of(
            "{\"Execution\":{\"Id\":\"e\",\"Input\":null},\"State\":{\"Name\":\"S\"}}",
            "{\"from\":\"execution\"}",
            Map.of("v", Document.ofTrusted("[10,20]")));

    private static State state(String fields) {
        var definition = "{\"StartAt\":\"S\",\"QueryLanguage\":\"JSONata\",\"States\":{\"S\":{" + fields
                + "},\"E\":{\"Type\":\"Succeed\"}}}";
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var machine, var _) -> machine.state("S");
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private static State.Task task(String fields) {
        return (State.Task) state(
                "\"Type\":\"Task\",\"Next\":\"E\",\"Resource\":\"arn:aws:lambda:us-east-1:1:function:f\"" + fields);
    }

    private static String shown(Evaluated<?> evaluated) {
        return switch (evaluated) {
            case Evaluated.Value<?>(Flowed(var output, var assigned)) ->
                assigned.isEmpty() ? output.text() : output + " " + assigned;
            case Evaluated.Value<?>(var value) -> String.valueOf(value);
            case Evaluated.Failed<?>(var error) -> error.name() + ": " + error.message() + " " + error.location();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {\"a\":1}",
                ",\"Arguments\":\"{% $states.input.a + 1 %}\" | 2",
                ",\"Arguments\":{\"x\":[\"{% $v[1] %}\",\" {% no %} \",null]} | {\"x\":[20,\" {% no %} \",null]}",
                ",\"Arguments\":{\"n\":\"{% $states.context.State.Name %}\"} | {\"n\":\"S\"}",
                ",\"Arguments\":\"{% $states.context.Execution.Input %}\" | {\"from\":\"execution\"}",
                ",\"Arguments\":{\"a\":{\"b\":\"{% $none %}\"}} | States.QueryEvaluationError: The JSONata expression '$none' specified for the field 'Arguments/a/b' returned nothing (undefined). Optional[Arguments/a/b]",
            })
    void input(String fields, String expected) {
        assertThat(shown(task(fields).flow().input(Document.ofTrusted("{\"a\":1}"), CONTEXT)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {\"r\":2}",
                ",\"Output\":{\"in\":\"{% $states.input.a %}\",\"out\":\"{% $states.result.r %}\"} | {\"in\":1,\"out\":2}",
                ",\"Assign\":{\"v\":\"{% $states.result.r %}\"},\"Output\":\"{% $v %}\" | [10,20] {v=2}",
            })
    void output(String fields, String expected) {
        var flowed =
                task(fields).flow().output(Document.ofTrusted("{\"a\":1}"), Document.ofTrusted("{\"r\":2}"), CONTEXT);
        assertThat(shown(flowed)).isEqualTo(expected);
    }

    @Test
    void aCatcherSeesTheErrorOutput() {
        var catcher =
                task(",\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"E\",\"Output\":\"{% $states.errorOutput.Error %}\"}]")
                        .catchers()
                        .getFirst();
        var flowed = catcher.flow().output(Document.ofTrusted("{}"), Document.ofTrusted("{\"Error\":\"x\"}"), CONTEXT);
        assertThat(shown(flowed)).isEqualTo("\"x\"");
    }

    @Test
    void aChoiceTakesTheFirstConditionThatIsTrue() {
        var choice = (State.Choice)
                state("\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $states.input.a = 1 %}\",\"Next\":\"E\"},"
                        + "{\"Condition\":\"{% 1 %}\",\"Next\":\"E\"}]");
        assertThat(shown(choice.decide(Document.ofTrusted("{\"a\":1}"), CONTEXT).map(State.ChoiceRule::next)))
                .isEqualTo("E");
        assertThat(shown(choice.decide(Document.ofTrusted("{\"a\":2}"), CONTEXT)))
                .isEqualTo("States.QueryEvaluationError: The JSONata expression '1' specified for the field"
                        + " 'Choices[1]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number'"
                        + " for value: 1 Optional[Choices[1]/Condition]");
    }

    @Test
    void aWaitNeedsATimestamp() {
        var wait = (State.Wait) state("\"Type\":\"Wait\",\"Next\":\"E\",\"Timestamp\":\"{% $states.input %}\"");
        assertThat(wait.until())
                .isInstanceOfSatisfying(
                        State.Until.Timestamp.class,
                        until -> assertThat(shown(until.timestamp()
                                        .evaluate(Document.ofTrusted("\"2016-12-05T21:29:29\""), CONTEXT)))
                                .isEqualTo(
                                        "States.QueryEvaluationError: The Timestamp field cannot be parsed as an ISO-8601 extended offset"
                                                + " date-time format string: 2016-12-05T21:29:29 Optional[Timestamp]"));
    }

    @Test
    void onlyWhatIsNamedIsRead() {
        assertThat(task(",\"Arguments\":\"{% $states.context.State.Name & $v %}\"")
                        .uses())
                .isEqualTo(new Uses(true, false, Set.of("v")));
        assertThat(task(",\"Arguments\":\"{% $states %}\"").uses().executionInput())
                .isTrue();
        assertThat(task(",\"Arguments\":\"{% $states.input %}\"").uses()).isEqualTo(Uses.NOTHING);
    }
}
