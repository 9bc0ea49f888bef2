package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    private static String decided(String rule, String input) {
        var definition = "{\"StartAt\":\"C\",\"States\":{\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Next\":\"yes\","
                + rule + "}],\"Default\":\"no\"},\"yes\":{\"Type\":\"Succeed\"},\"no\":{\"Type\":\"Succeed\"}}}";
        var choice = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var machine, var _) -> (State.Choice) machine.state("C");
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
        return switch (choice.decide(Document.ofTrusted(input), FixedContext.empty())) {
            case Evaluated.Value<State.ChoiceRule>(var taken) -> taken.next();
            case Evaluated.Failed<State.ChoiceRule>(var error) -> error.name() + ": " + error.message();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Variable\":\"$.v\",\"StringEquals\":\"a\" | {\"v\":\"a\"} | yes",
                "\"Variable\":\"$.v\",\"StringEquals\":\"1\" | {\"v\":1} | no",
                "\"Variable\":\"$.v\",\"StringLessThan\":\"b\" | {\"v\":\"a\"} | yes",
                "\"Variable\":\"$.v\",\"StringGreaterThanEqualsPath\":\"$.w\" | {\"v\":\"b\",\"w\":\"b\"} | yes",
                "\"Variable\":\"$.v\",\"StringMatches\":\"log-*.txt\" | {\"v\":\"log-2.txt\"} | yes",
                "\"Variable\":\"$.v\",\"StringMatches\":\"*\" | {\"v\":\"\"} | yes",
                "\"Variable\":\"$.v\",\"StringMatches\":\"a\\\\*b*\" | {\"v\":\"a*bc\"} | yes",
                "\"Variable\":\"$.v\",\"StringMatches\":\"a\\\\*b\" | {\"v\":\"axb\"} | no",
                "\"Variable\":\"$.v\",\"StringMatches\":\"*a*a*a*b\" | {\"v\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"} | no",
                "\"Variable\":\"$.v\",\"NumericEquals\":0 | {\"v\":0.0} | yes",
                "\"Variable\":\"$.v\",\"NumericEquals\":1 | {\"v\":true} | no",
                "\"Variable\":\"$.v\",\"NumericLessThanPath\":\"$.w\" | {\"v\":1.5,\"w\":2} | yes",
                "\"Variable\":\"$.v\",\"BooleanEquals\":false | {\"v\":null} | no",
                "\"Variable\":\"$.v\",\"TimestampEquals\":\"2012-10-09T19:00:55Z\" | {\"v\":\"2012-10-09T20:00:55+01:00\"} | yes",
                "\"Variable\":\"$.v\",\"TimestampLessThan\":\"2030-01-01T00:00:00Z\" | {\"v\":\"2012-10-09\"} | no",
                "\"Variable\":\"$.v\",\"IsTimestamp\":true | {\"v\":\"2012-10-09T19:00:55.123Z\"} | yes",
                "\"Variable\":\"$.v\",\"IsTimestamp\":false | {\"v\":\"2012-10-09T19:00:55\"} | yes",
                "\"Variable\":\"$.v\",\"IsNull\":true | {\"v\":null} | yes",
                "\"Variable\":\"$.v\",\"IsString\":false | {\"v\":1} | yes",
                "\"Variable\":\"$.v\",\"IsPresent\":true | {\"v\":null} | yes",
                "\"Variable\":\"$.v\",\"IsPresent\":false | {} | yes",
                "\"Variable\":\"$.v[0]\",\"IsPresent\":true | {\"v\":[null]} | yes",
                "\"Variable\":\"$.v[0]\",\"IsPresent\":true | {\"v\":[]} | no",
                "\"And\":[{\"Variable\":\"$.v\",\"IsPresent\":true},{\"Variable\":\"$.v\",\"NumericEquals\":1}] | {} | no",
                "\"Or\":[{\"Variable\":\"$.v\",\"NumericEquals\":1},{\"Variable\":\"$.x\",\"IsNull\":true}] | {\"v\":1} | yes",
                "\"Not\":{\"Variable\":\"$.v\",\"NumericEquals\":1} | {\"v\":1} | no",
                "\"Variable\":\"$.v\",\"NumericEquals\":1 | {} | States.Runtime: Invalid path '$.v': The choice state's condition path references an invalid value.",
            })
    void decides(String rule, String input, String expected) {
        assertThat(decided(rule, input)).isEqualTo(expected);
    }
}
