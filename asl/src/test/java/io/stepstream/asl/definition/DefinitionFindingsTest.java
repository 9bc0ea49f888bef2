package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionFindingsTest {

    private static List<Finding> findings(String definition) {
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var _, var warnings) -> warnings;
            case Parsed.Invalid(var all) -> all;
        };
    }

    private static List<Finding> ofState(String state) {
        return findings("{\"StartAt\":\"S\",\"States\":{\"S\":{" + state + "},\"E\":{\"Type\":\"Succeed\"}}}").stream()
                .filter(finding -> !finding.path().equals("/States/E"))
                .toList();
    }

    private static final String FUNCTION = "\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Type\":\"Pass\" | SCHEMA_VALIDATION_FAILED | /States/S | One of these fields is required: [Next, End]",
                "\"Type\":\"Pass\",\"Next\":\"X\" | MISSING_TRANSITION_TARGET | /States/S/Next | Missing 'Next' target: X",
                "\"Type\":\"Pass\",\"Next\":\"E\",\"End\":true | SCHEMA_VALIDATION_FAILED | /States/S | There should only be one of the following fields: [Next, End]",
                "\"Type\":\"Pass\",\"End\":true,\"Foo\":1 | SCHEMA_VALIDATION_FAILED | /States/S | Field 'Foo' is not supported",
                "\"Type\":\"Pass\",\"End\":true,\"InputPath\":\"x\" | SCHEMA_VALIDATION_FAILED | /States/S/InputPath | Value is not a valid JSONPath",
                "\"Type\":\"Pass\",\"End\":true,\"ResultPath\":\"$v\" | SCHEMA_VALIDATION_FAILED | /States/S/ResultPath | Value is not a Reference Path",
                "\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"a.$\":\"x\"} | SCHEMA_VALIDATION_FAILED | /States/S/Parameters | The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
                "\"Type\":\"Pass\",\"End\":true,\"Assign\":{\"1\":2} | SCHEMA_VALIDATION_FAILED | /States/S/Assign | The variable name '1' is not valid",
                "\"Type\":\"Wait\",\"End\":true,\"Timestamp\":\"tomorrow\" | SCHEMA_VALIDATION_FAILED | /States/S/Timestamp | String does not match RFC3339 timestamp",
                "\"Type\":\"Wait\",\"End\":true,\"Seconds\":1.5 | SCHEMA_VALIDATION_FAILED | /States/S/Seconds | Expected value of type Integer",
                "\"Type\":\"Parallel\",\"End\":true,\"Branches\":[] | SCHEMA_VALIDATION_FAILED | /States/S/Branches | Value cannot be empty",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":\"nothing\" | SCHEMA_VALIDATION_FAILED | /States/S/Resource | Value is not a valid resource ARN",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":\"arn:aws:states:::lambda:invoke.waitForTaskToken\" | MISSING_TIMEOUT | /States/S/Resource | The state waits for a task token without any timeout: without an answer it waits for ever",
                "\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.a\",\"Next\":\"E\"}] | SCHEMA_VALIDATION_FAILED | /States/S/Choices[0] | A choice rule must have exactly one comparison operator, but has: []",
                "\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.a\",\"StringMatchesPath\":\"$.b\",\"IsNull\":true,\"Next\":\"E\"}] | SCHEMA_VALIDATION_FAILED | /States/S/Choices[0] | Field 'StringMatchesPath' is not supported",
                "\"Type\":\"Wait\",\"End\":true,\"Seconds\":100000000 | SCHEMA_VALIDATION_FAILED | /States/S/Seconds | Maximum value is 99999999",
                "\"Type\":\"Wait\",\"End\":true,\"Seconds\":-1 | SCHEMA_VALIDATION_FAILED | /States/S/Seconds | Minimum value is 0",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":[\"arn:aws:lambda:us-east-1:000000000000:function:f\"] | SCHEMA_VALIDATION_FAILED | /States/S/Resource | Expected value of type String",
                "\"Type\":\"Map\",\"QueryLanguage\":\"JSONata\",\"End\":true,\"ItemProcessor\":\"{% 1 %}\" | SCHEMA_VALIDATION_FAILED | /States/S/ItemProcessor | Expected value of type Object",
                "\"Type\":\"Nap\",\"End\":true | SCHEMA_VALIDATION_FAILED | /States/S/Type | The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
                "\"Type\":\"Pass\",\"End\":true,\"Output\":1 | SCHEMA_VALIDATION_FAILED | /States/S | The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":\"{% 1 + %}\",\"End\":true | INVALID_JSONATA_EXPRESSION | /States/S/Output | Unexpected end of expression",
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":[{\"v\":\"{% a[1,2) %}\"}],\"End\":true | INVALID_JSONATA_EXPRESSION | /States/S/Output[0]/v | Expected \"]\", got \",\"",
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":\"{%1%}\",\"End\":true | SCHEMA_VALIDATION_FAILED | /States/S/Output | The JSONata expression '{%1%}' is not valid",
                "\"Type\":\"Pass\",\"End\":true,\"Assign\":{\"states\":2} | SCHEMA_VALIDATION_FAILED | /States/S/Assign | The variable name 'states' is not valid",
                "\"Type\":\"Pass\",\"End\":true,\"Assign\":{\"a-b\":2} | UNUSABLE_VARIABLE | /States/S/Assign | No expression can refer to the variable 'a-b': its name has a character that ends a name",
                "\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"a\":\"$.x\"} | NO_DOLLAR | /States/S/Parameters/a | The value of 'a' looks like a path or an intrinsic function, but is taken as it stands",
                "\"Type\":\"Pass\",\"End\":true,\"Result\":{\"a\":[\"$.x\"]} | PASS_RESULT_IS_STATIC | /States/S/Result/a[0] | The Result of a Pass state is taken as it stands: '$.x' is not evaluated",
                "\"Type\":\"Fail\",\"Cause\":\"$.x\" | NO_PATH | /States/S/Cause | The value of 'Cause' looks like a path, but is taken as it stands",
                "\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.a\",\"StringEquals\":\"$.b\",\"Next\":\"E\"}] | NO_PATH | /States/S/Choices[0]/StringEquals | The value of 'StringEquals' looks like a path, but is taken as it stands",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Credentials\":{} | SCHEMA_VALIDATION_FAILED | /States/S/Credentials | The field 'RoleArn' is required but was missing",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":{\"Ref\":\"x\"} | UNRESOLVED_RESOURCE | /States/S/Resource | Nothing here carries out the resource '{\"Ref\":\"x\"}': the state will fail when it runs",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:f:\" | SCHEMA_VALIDATION_FAILED | /States/S/Resource | Value is not a valid resource ARN",
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":{\"v\":\"1 %}\"},\"End\":true | SCHEMA_VALIDATION_FAILED | /States/S/Output/v | The JSONata expression '1 %}' is not valid",
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":\"{% 1\",\"End\":true | SCHEMA_VALIDATION_FAILED | /States/S/Output | The JSONata expression '{% 1' is not valid",
                "\"Type\":\"Task\",\"End\":true,\"Resource\":{} | SCHEMA_VALIDATION_FAILED | /States/S/Resource | Expected value of type String",
            })
    void aStatesProblem(String state, String code, String path, String message) {
        assertThat(ofState(state))
                .extracting(Finding::code, Finding::path, Finding::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(code, path, message));
    }

    @Test
    void everyProblemIsToldAtOnce() {
        var task = "\"Type\":\"Task\"," + FUNCTION + ",\"TimeoutSeconds\":1,\"HeartbeatSeconds\":2,"
                + "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\",\"x\"],\"BackoffRate\":0.5}],\"Catch\":[{\"Next\":\"E\"}],\"Next\":\"X\"";
        assertThat(ofState(task))
                .extracting(Finding::path)
                .containsExactlyInAnyOrder(
                        "/States/S/HeartbeatSeconds",
                        "/States/S/Retry[0]/ErrorEquals",
                        "/States/S/Retry[0]/BackoffRate",
                        "/States/S/Catch[0]",
                        "/States/S/Next");
    }

    @Test
    void statesMustBeReachableEndAndHaveNamesOfTheirOwn() {
        var branch =
                "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"Next\":\"S\"},\"T\":{\"Type\":\"Pass\",\"Next\":\"S\"}}}";
        assertThat(ofState("\"Type\":\"Parallel\",\"Next\":\"E\",\"Branches\":[" + branch + "]"))
                .extracting(Finding::code, Finding::path)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("DUPLICATE_STATE_NAME", "/States/S/Branches[0]/States/S"),
                        org.assertj.core.groups.Tuple.tuple("MISSING_END_STATE", "/States/S/Branches[0]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | SCHEMA_VALIDATION_FAILED",
                "not a definition | INVALID_JSON_DESCRIPTION",
                "[] | SCHEMA_VALIDATION_FAILED",
                "{\"StartAt\":\"a\",\"StartAt\":\"b\"} | INVALID_JSON_DESCRIPTION",
                "{\"StartAt\":\"a\"} | SCHEMA_VALIDATION_FAILED",
            })
    void aTextThatIsNoDefinition(String text, String code) {
        assertThat(findings(text)).extracting(Finding::code).containsExactly(code);
    }

    @Test
    void bombsAreRefused() {
        assertThat(findings("{\"a\":".repeat(100_000))).hasSize(1);
        assertThat(findings("{\"TimeoutSeconds\":" + "9".repeat(10_000) + "}")).hasSize(1);
        assertThat(findings(" ".repeat(2_000_000))).hasSize(1);
        var nested = "{\"StartAt\":\"n\",\"States\":{\"n\":{\"Type\":\"Succeed\"}}}";
        for (var i = 0; i < 20; i++) {
            nested = "{\"StartAt\":\"p" + i + "\",\"States\":{\"p" + i
                    + "\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[" + nested + "]}}}";
        }
        assertThat(findings(nested)).extracting(Finding::message).contains("Branches are nested deeper than 16");
    }

    @Test
    void noTextThrows() {
        var random = new Random(20261123);
        var whole = "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Task\"," + FUNCTION
                + ",\"Parameters\":{\"a.$\":\"States.Format('{}', $.x[?(@.y > 1)])\"},\"Retry\":[{\"ErrorEquals\":[\"a\"]}],"
                + "\"Catch\":[{\"ErrorEquals\":[\"b\"],\"Next\":\"C\",\"ResultPath\":\"$.e[0]\"}],\"Next\":\"C\"},"
                + "\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Not\":{\"Variable\":\"$v.a\",\"NumericEqualsPath\":\"$$.b\"},\"Next\":\"W\"}]},"
                + "\"W\":{\"Type\":\"Wait\",\"SecondsPath\":\"$.s\",\"End\":true}}}";
        var characters = "{}[]\"':,.$@?()*\\0a1 -";
        for (var i = 0; i < 5_000; i++) {
            var text = new StringBuilder(whole);
            for (var changes = random.nextInt(1, 4); changes > 0; changes--) {
                var at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
                    case 1 -> text.insert(at, characters.charAt(random.nextInt(characters.length())));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 12)));
                }
            }
            assertThat(StateMachine.parse(text.toString())).as(text::toString).isNotNull();
        }
    }
}
