package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far ahead a Wait state waits, in each of its forms. */
class WaitStateTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String LAST = "2094-01-19T00:00:00Z";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Timestamp\":\"2094-01-19T00:00:00Z\" | waits",
                "\"Timestamp\":\"2094-01-19T00:00:01Z\" | States.Runtime: The Timestamp parameter is a timestamp more than 24855 days ahead: 2094-01-19T00:00:01Z",
                "\"TimestampPath\":\"$.last\" | waits",
                "\"TimestampPath\":\"$.later\" | States.Runtime: The TimestampPath parameter references a timestamp more than 24855 days ahead: $.later == 2094-01-19T00:00:01Z",
                "\"QueryLanguage\":\"JSONata\",\"Timestamp\":\"{% $states.input.last %}\" | waits",
                "\"QueryLanguage\":\"JSONata\",\"Timestamp\":\"{% $states.input.later %}\" | States.QueryEvaluationError: The Timestamp field is a timestamp more than 24855 days ahead: 2094-01-19T00:00:01Z",
                "\"Timestamp\":\"1999-01-01T00:00:00Z\" | goes on",
                "\"SecondsPath\":\"$.most\" | seconds",
                "\"SecondsPath\":\"$.more\" | States.Runtime: The SecondsPath parameter references a value greater than 99999999: $.more == 100000000",
            })
    void waitsAsFarAsItMay(String field, String expected) {
        var definition = "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\"," + field + ",\"End\":true}}}";
        var machine = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var valid, var _) -> valid;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        var input = InterpreterDriver.json(
                "{\"last\":\"" + LAST + "\",\"later\":\"2094-01-19T00:00:01Z\",\"most\":99999999,\"more\":100000000}");
        var ending = (Ending.Ended) new Rehearsal(
                        machine, Setting.of("m", WorkflowType.STANDARD, START, 1), _ -> List.of(), (_, _, _) -> {})
                .play(input);
        var seen = switch (ending.outcome()) {
            case Outcome.Succeeded _ -> shown(Duration.between(START, ending.at()));
            case Outcome.Failed(var error, var cause) ->
                error.orElseThrow() + ": "
                        + cause.orElseThrow().replaceFirst("^An error occurred .*?\\(entered.*?\\)\\. ", "");
            case Outcome.TimedOut(), Outcome.Aborted _ -> ending.toString();
        };
        assertThat(seen).isEqualTo(expected);
    }

    private static String shown(Duration waited) {
        if (waited.isZero()) {
            return "goes on";
        }
        return waited.equals(Duration.ofSeconds(99_999_999))
                ? "seconds"
                : waited.toDays() == 24_855 ? "waits" : waited.toString();
    }
}
