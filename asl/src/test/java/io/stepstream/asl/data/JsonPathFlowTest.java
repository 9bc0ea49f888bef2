package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.data.DataFlow.Flowed;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathFlowTest {

    private static final FixedContext CONTEXT = FixedContext.of(
            "{\"Execution\":{\"Id\":\"e\",\"Input\":null},\"State\":{\"Name\":\"S\"}}",
            "{\"from\":\"execution\"}",
            Map.of("v", Document.ofTrusted("{\"w\":[10,20]}")));

    private static State.Task task(String fields) {
        var definition = "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Task\",\"End\":true,"
                + "\"Resource\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"" + fields + "}}}";
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var machine, var _) -> (State.Task) machine.state("S");
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }

    private static String shown(Evaluated<?> evaluated) {
        return switch (evaluated) {
            case Evaluated.Value<?>(Flowed(var output, var assigned)) ->
                assigned.isEmpty() ? output.text() : output + " " + assigned;
            case Evaluated.Value<?>(var value) -> String.valueOf(value);
            case Evaluated.Failed<?>(var error) -> error.name() + ": " + error.message();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {\"a\":1}",
                ",\"InputPath\":null | {}",
                ",\"InputPath\":\"$.a\" | 1",
                ",\"InputPath\":\"$$.State.Name\" | \"S\"",
                ",\"InputPath\":\"$v.w[1]\" | 20",
                ",\"InputPath\":\"$$.Execution.Input.from\" | \"execution\"",
                ",\"InputPath\":\"$.x.y\" | States.Runtime: Invalid path '$.x.y' : Missing property in path $['x']",
                ",\"InputPath\":\"$.x\" | States.Runtime: Invalid path '$.x' : No results for path: $['x']",
                ",\"Parameters\":{\"a.$\":\"$.a\",\"b\":[{\"c.$\":\"$v.w[*]\"}],\"d\":\"$.a\"} | {\"a\":1,\"b\":[{\"c\":[10,20]}],\"d\":\"$.a\"}",
                ",\"Parameters\":{\"x.$\":\"$.y.z[*]\",\"y.$\":\"$.z[1:]\"} | {\"x\":[],\"y\":[]}",
                ",\"InputPath\":\"$v.w[2]\" | States.Runtime: Invalid path '$v.w[2]' : No results for path: $['w'][2]",
                ",\"InputPath\":\"$v.w[-3]\" | States.Runtime: Invalid path '$v.w[-3]' : No results for path: $['w'][-3]",
                ",\"Parameters\":{\"x.$\":\"$v..w[2]\"} | {\"x\":[]}",
                ",\"Parameters\":{\"e.$\":\"$$.Execution\"} | {\"e\":{\"Id\":\"e\",\"Input\":{\"from\":\"execution\"}}}",
                ",\"Parameters\":{\"x\":{\"y.$\":\"$.z\"}} | States.Runtime: The JSONPath '$.z' specified for the field 'y.$' could not be found in the input '{\"a\":1}'",
                ",\"Parameters\":{\"x.$\":\"States.Format('{}', $.z)\"} | States.Runtime: The function 'States.Format('{}', $.z)' had the following error: The JsonPath argument for the field '$.z' could not be found in the input '{\"a\":1}'",
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
                ",\"ResultPath\":null | {\"a\":1}",
                ",\"ResultPath\":\"$\" | {\"r\":2}",
                ",\"ResultPath\":\"$.a\" | {\"a\":{\"r\":2}}",
                ",\"ResultPath\":\"$.b.c['d e']\" | {\"a\":1,\"b\":{\"c\":{\"d e\":{\"r\":2}}}}",
                ",\"ResultSelector\":{\"x.$\":\"$.r\"},\"ResultPath\":\"$.b\",\"OutputPath\":\"$.b.x\" | 2",
                ",\"OutputPath\":null | {}",
                ",\"Assign\":{\"n.$\":\"$.r\",\"k\":\"$.r\"},\"ResultPath\":null | {\"a\":1} {n=2, k=\"$.r\"}",
                ",\"ResultPath\":\"$.a.b\" | States.ResultPathMatchFailure: Unable to apply step \"b\" of the ResultPath '$.a.b' to input 1",
                ",\"OutputPath\":\"$.zz\" | States.Runtime: Invalid path '$.zz' : No results for path: $['zz']",
            })
    void output(String fields, String expected) {
        var flowed =
                task(fields).flow().output(Document.ofTrusted("{\"a\":1}"), Document.ofTrusted("{\"r\":2}"), CONTEXT);
        assertThat(shown(flowed)).isEqualTo(expected);
    }

    @Test
    void nothingIsReadThatNoExpressionNames() {
        var uses =
                task(",\"Parameters\":{\"a.$\":\"$.a\",\"b.$\":\"States.Format('{}{}', $v.w, $x)\",\"c.$\":\"$$.State.Name\"}")
                        .uses();
        assertThat(uses).isEqualTo(new Uses(true, false, java.util.Set.of("v", "x")));
        assertThat(task(",\"InputPath\":\"$$.Execution.Input.a\"").uses().executionInput())
                .isTrue();
        assertThat(task(",\"InputPath\":\"$$['Execution']\"").uses().executionInput())
                .isTrue();
        assertThat(task("").uses()).isEqualTo(Uses.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$$23",
                "$ x",
                "$.",
                "x",
                "$[",
                "$.x[",
                "$.x[ ",
                "$.x[0]]",
                "$.x['a']b",
                "$.x[?(@.a == ']')]b",
                "$.a[?(@.b =~ /(a+)+b/)]",
                "$..a..b..c",
                "$.sum($.a)"
            })
    void aPathIsRefused(String text) {
        assertThatThrownBy(() -> Path.compile(text)).isInstanceOf(InvalidExpression.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$.x[0]",
                "$['a[']",
                "$[?(@.a =~ /\\[]['\"]/)].b",
                "$.x]",
                "$['a\\'b'].c",
                "$.x[?(@['a'] == ']]')][0]",
                "$.x[0] "
            })
    void aPathIsTaken(String text) throws InvalidExpression {
        assertThat(Path.compile(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$v", "$$", "$.a[*]", "$..a", "$.a[0:1]", "$.a.", "a"})
    void aReferencePathIsRefused(String text) {
        assertThatThrownBy(() -> ReferencePath.compile(text)).isInstanceOf(InvalidExpression.class);
    }
}
