package io.stepstream.asl.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.random.RandomGenerator;

/** Words of the language, and values at the edges of what it takes. */
final class Vocabulary {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> FIELDS = List.of(
            "Type",
            "Next",
            "End",
            "Comment",
            "StartAt",
            "States",
            "Resource",
            "Parameters",
            "Arguments",
            "Output",
            "Assign",
            "InputPath",
            "OutputPath",
            "ResultPath",
            "ResultSelector",
            "Result",
            "Choices",
            "Default",
            "Variable",
            "Condition",
            "And",
            "Or",
            "Not",
            "StringEquals",
            "StringMatches",
            "NumericLessThan",
            "NumericEqualsPath",
            "IsPresent",
            "IsNull",
            "TimestampEquals",
            "Seconds",
            "SecondsPath",
            "Timestamp",
            "TimestampPath",
            "TimeoutSeconds",
            "TimeoutSecondsPath",
            "HeartbeatSeconds",
            "Retry",
            "Catch",
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Branches",
            "ItemProcessor",
            "Iterator",
            "ItemsPath",
            "Items",
            "ItemSelector",
            "MaxConcurrency",
            "ToleratedFailurePercentage",
            "ItemBatcher",
            "ItemReader",
            "ResultWriter",
            "QueryLanguage",
            "Credentials",
            "Error",
            "Cause",
            "ErrorPath",
            "CausePath",
            "x.$",
            "input",
            "Version",
            "",
            "$",
            ".$",
            "a.b",
            "ü\uD83D\uDE00");

    private static final List<String> EXPRESSIONS = List.of(
            "$",
            "$.a",
            "$..*",
            "$..a..b",
            "$[*]",
            "$[?(@.a > 1)]",
            "$.a[0:9999999999]",
            "$[-1]",
            "$$.Task.Token",
            "$$.Execution.Input",
            "$$.State.RetryCount",
            "$x",
            "$x.a[1]",
            "$.a.length()",
            "$['a','b']",
            "$.items[?(@ =~ /(a+)+$/)]",
            "States.Format('{} {}', $.a, $.b)",
            "States.ArrayRange(0, 2147483647, 1)",
            "States.ArrayRange(-5, 5, -1)",
            "States.MathRandom(1, 2147483647)",
            "States.MathAdd($.n, 1e308)",
            "States.StringSplit($.s, ',')",
            "States.StringToJson('[[[[')",
            "States.JsonToString($)",
            "States.Array(States.Array(States.UUID()))",
            "States.ArrayPartition($.items, 1)",
            "States.Base64Decode('@@@')",
            "States.Hash($.s, 'SHA-512')",
            "States.JsonMerge($, $, false)",
            "States.ArrayUnique($.items)",
            "States.Format('" + "{}".repeat(50) + "')",
            "{% $states.input %}",
            "{% $states.result %}",
            "{% $states.errorOutput %}",
            "{% $states.context %}",
            "{% $map([1..10000], function($i) { $i * $i }) %}",
            "{% ($f := function($n) { $f($n) + 1 }; $f(1)) %}",
            "{% ($f := function($n) { $f($n) }; $f(1)) %}",
            "{% [1..10000000] %}",
            "{% $sum([1..10000000]) %}",
            "{% $pad('x', 2147483647) %}",
            "{% $pad('x', -100000000, 'ab') %}",
            "{% $range(0, 1e18, 1) %}",
            "{% $match('" + "a".repeat(40) + "b', /(a|aa)+$/) %}",
            "{% $contains('" + "a".repeat(40) + "', /(.*)*(.*)*x\\1/) %}",
            "{% $replace('" + "x".repeat(40) + "', /(x+x+)+y/, '') %}",
            "{% $split('" + "x ".repeat(30) + "', /(\\w+\\s*)+:/) %}",
            "{% ($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d('x', 60)) %}",
            "{% ($d := function($s, $n) { $n = 0 ? $s : $d([$s, $s], $n - 1) }; $d('x', 60)) %}",
            "{% ($d := function($s, $n) { $n = 0 ? $string($s) : $d({'a': $s, 'b': $s}, $n - 1) }; $d('x', 60)) %}",
            "{% $join([1..100000].'x', '" + "y".repeat(500) + "') %}",
            "{% $formatNumber(1e300, '#,##0.00') %}",
            "{% $replace('x', 'x', 'xx', 2147483647) %}",
            "{% $power(10, 400) %}",
            "{% 1 / 0 %}",
            "{% $toMillis('x') %}",
            "{% $fromMillis(1e300) %}",
            "{% $uuid() & $random() & $now() %}",
            "{% $parse('{') %}",
            "{% $eval('1') %}",
            "{% function($x) { $x } %}",
            "{% $ %}",
            "{% %}",
            "{% $hash('a', 'CRC') %}",
            "{% $partition([1..9], 0) %}",
            "{% $sort([3, 'a', null]) %}",
            "{% $states.input.items[a > 1]^(>b).{ 'c': $ } %}",
            "{% $reduce([1..99], $max) %}",
            "{% /a+/('aaa') %}",
            "{% 'aaa' ~> /(a+)+b/ %}",
            "{% $filter(['" + "a".repeat(40) + "'], /(a|a)*b\\1/) %}",
            "{% $formatBase(255, 99) %}",
            "{% $substring('abc', -2147483648, 2147483647) %}",
            "{% $each({'a': 1}, $string) %}",
            "{% $zip([1..5], 'x') %}",
            "{% $formatInteger(1e20, 'w') %}",
            "{% $clone($states) %}",
            "{% $error(1) %}",
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "arn:aws:states:::states:startExecution.sync:2",
            "arn:stepstream:kafka:::t",
            "arn:aws:states:us-east-1:1:activity:a",
            "arn:",
            "2026-01-01T00:00:00Z",
            "+1000000000-12-31T23:59:59Z",
            "States.ALL",
            "States.Timeout",
            "\\*",
            "*\\",
            "Pass",
            "Task",
            "Map",
            "Parallel",
            "JSONata");

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0.0",
            "1",
            "-1",
            "0.1",
            "99999999",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "1e308",
            "1E+999999999",
            "-1E+999999999",
            "1E-999999999",
            "1e309",
            "123456789012345678901234567890",
            "4.9e-324");

    private final RandomGenerator random;

    Vocabulary(RandomGenerator random) {
        this.random = random;
    }

    String field() {
        return pick(FIELDS);
    }

    JsonNode expression() {
        return NODES.textNode(pick(EXPRESSIONS));
    }

    static boolean isExpression(JsonNode value) {
        return value.isTextual() && (isJsonata(value.textValue()) || isJsonPath(value.textValue()));
    }

    private static boolean isJsonata(String text) {
        return text.startsWith("{%");
    }

    private static boolean isJsonPath(String text) {
        return text.startsWith("$") || text.startsWith("States.") && text.endsWith(")");
    }

    JsonNode expressionLike(String text) {
        var like = EXPRESSIONS.stream()
                .filter(word -> isJsonata(text) ? isJsonata(word) : isJsonPath(word))
                .toList();
        return NODES.textNode(pick(like));
    }

    JsonNode number() {
        return NODES.numberNode(new BigDecimal(pick(NUMBERS)));
    }

    /** Something to be put into a text. */
    String fragment() {
        return switch (random.nextInt(4)) {
            case 0 -> pick(FIELDS);
            case 1 -> pick(NUMBERS);
            default -> pick(EXPRESSIONS);
        };
    }

    JsonNode scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> number();
            case 3 -> expression();
            default -> NODES.textNode(field());
        };
    }

    private String pick(List<String> among) {
        return among.get(random.nextInt(among.size()));
    }
}
