package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrinsicFunctionTest {

    private static String value(String call, String input) throws InvalidExpression, StatesFailure {
        var scope = new Scope(Document.ofTrusted(input).tree(), FixedContext.empty());
        return Selection.compile(call).value("field.$", scope).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "States.Array() | {} | []",
                "States.Array('a', 2.5, null, true, $.x) | {\"x\":{\"y\":1}} | [\"a\",2.5,null,true,{\"y\":1}]",
                "States.ArrayPartition($.a, 4) | {\"a\":[1,2,3,4,5,6,7,8,9]} | [[1,2,3,4],[5,6,7,8],[9]]",
                "States.ArrayPartition($.a, 1.5) | {\"a\":[1,2,3]} | [[1,2],[3]]",
                "States.ArrayContains($.a, 1.0) | {\"a\":[1]} | true",
                "States.ArrayContains($.a, $.b) | {\"a\":[[1,2],{\"c\":1.0}],\"b\":{\"c\":1}} | true",
                "States.ArrayContains($.a, null) | {\"a\":[]} | false",
                "States.ArrayRange(1, 9, 2) | {} | [1,3,5,7,9]",
                "States.ArrayRange(9, 1, -4) | {} | [9,5,1]",
                "States.ArrayRange(1, 9, -2) | {} | []",
                "States.ArrayRange(3, 3, -1) | {} | [3]",
                "States.ArrayLength(States.ArrayRange(1, 1000, 1)) | {} | 1000",
                "States.MathAdd(2147483647, 0) | {} | 2147483647",
                "States.MathRandom(5, 6) | {} | 5",
                "States.ArrayGetItem($.a, 1) | {\"a\":[7,8]} | 8",
                "States.ArrayLength($.a) | {\"a\":[7,8]} | 2",
                "States.ArrayUnique($.a) | {\"a\":[1,1.0,\"1\",[1],[1],null,null]} | [1,\"1\",[1],null]",
                "States.Base64Encode('Data to encode') | {} | \"RGF0YSB0byBlbmNvZGU=\"",
                "States.Base64Decode('RGVjb2RlZCBkYXRh') | {} | \"Decoded data\"",
                "States.Hash('input data', 'SHA-1') | {} | \"aaff4a450a104cd177d28d18d74485e8cae074b7\"",
                "States.JsonMerge($.a, $.b, false) | {\"a\":{\"x\":{\"p\":1},\"y\":2},\"b\":{\"x\":{\"q\":3}}} | {\"x\":{\"q\":3},\"y\":2}",
                "States.StringToJson($.s) | {\"s\":\"{\\\"a\\\": [1, 2.0]}\"} | {\"a\":[1,2.0]}",
                "States.StringToJson('') | {} | null",
                "States.JsonToString($.a) | {\"a\":{\"b\":[1]}} | \"{\\\"b\\\":[1]}\"",
                "States.MathAdd(111, -1) | {} | 110",
                "States.MathAdd(-0.5, 1) | {} | 1",
                "States.MathAdd(-1.5, -1.51) | {} | -3",
                "States.StringSplit('a.b+c..', '.+') | {} | [\"a\",\"b\",\"c\"]",
                "States.StringSplit('', ',') | {} | []",
                "States.Format('Hello, my name is {}.', $.name) | {\"name\":\"Arnav\"} | \"Hello, my name is Arnav.\"",
                "States.Format('{} {} {} {}', null, 1.0, true, $) | {\"Arg1\":1,\"Arg2\":[]} | \"null 1.0 true {Arg1=1, Arg2=[]}\"",
                "States.Format('it\\'s \\{\\} {}', $.a) | {\"a\":[\"x\",{\"y\":\"z\"}]} | \"it's {} [x, {y=z}]\"",
                "States.Format($.template, 1) | {\"template\":\"<{}>\"} | \"<1>\"",
                "States.ArrayGetItem(States.StringSplit('a-b', '-'), States.MathAdd(0, 1)) | {} | \"b\"",
                "States.ArrayLength($['a,b)']) | {\"a,b)\":[1]} | 1",
            })
    void givesWhatTheDeveloperGuideSays(String call, String input, String expected) throws Exception {
        assertThat(value(call, input)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "States.ArrayGetItem($.a, 2) | {\"a\":[7,8]} | outside",
                "States.ArrayRange(0, 9, 0) | {} | increment",
                "States.ArrayRange(1, 100000, 1) | {} | 100000 items",
                "States.ArrayRange(1, 1001, 1) | {} | 1001 items",
                "States.ArrayPartition($.a, 0) | {\"a\":[1]} | positive",
                "States.ArrayLength($.a) | {\"a\":\"x\"} | type array",
                "States.Base64Decode('%') | {} | Base64",
                "States.Hash('x', 'CRC') | {} | algorithm",
                "States.JsonMerge($, $, true) | {} | deep",
                "States.StringToJson('{') | {} | not JSON",
                "States.MathAdd($.a, 1) | {\"a\":1e99} | out of range",
                "States.MathAdd(2147483647, 1) | {} | not between",
                "States.MathRandom(2, 2) | {} | less than",
                "States.Format('{}') | {} | more placeholders",
                "States.Format('', 1) | {} | placeholders",
            })
    void failsWithItsNameAndReason(String call, String input, String reason) throws Exception {
        try {
            fail("gave " + value(call, input));
        } catch (StatesFailure e) {
            assertThat(e.error().name()).isEqualTo("States.IntrinsicFailure");
            assertThat(e.error().message())
                    .startsWith("The function '" + call + "' had the following error: ")
                    .contains(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "States.Xyz($.x)",
                " States.UUID()",
                "States.UUID",
                "States.UUID() x",
                "States.MathAdd(1)",
                "States.MathAdd(1, '2')",
                "States.MathAdd(1, 2",
                "States.Format('a \\\" b')",
                "States.Format('open)",
                "States.Array(1,)",
                "States.Array(.5)",
                "States.Array($x y)",
                "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array("
                        + "States.Array(States.Array(States.Array()))))))))))",
                "States.",
                "",
            })
    void refusesWhatIsNoCall(String text) {
        assertThatThrownBy(() -> Selection.compile(text)).isInstanceOf(InvalidExpression.class);
    }

    @Test
    void randomValuesComeFromTheStepOnly() throws Exception {
        var call =
                "States.Array(States.UUID(), States.UUID(), States.MathRandom(0, 1000000), States.MathRandom(1, 999, 7))";
        var once = value(call, "{}");
        assertThat(value(call, "{}")).isEqualTo(once);
        var values = Document.parse(once).tree();
        assertThat(values.get(0)).isNotEqualTo(values.get(1));
        assertThat(values.get(0).asText())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }
}
