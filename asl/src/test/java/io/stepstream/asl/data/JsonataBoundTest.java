package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions that would take for ever, or all memory, fail; and in the same way every time. */
class JsonataBoundTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a bomb may allocate before it is found out; a few times what its longest text or largest array takes. */
    private static final long MAX_BYTES = 1L << 30;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ($f := function($n) { $f($n) }; $f(1))                                                     | infinite loop
                    ($f := function($n) { 1 + $f($n) }; $f(1))                                                 | non-terminating recursion
                    [1..10000000]                                                                              | more than 1000000 elements
                    $sum([1..1000001])                                                                         | more than 1000000 elements
                    $map([1..1000000], function($i) { $i * $i })                                               | sub-expressions
                    $pad('x', 2147483647)                                                                      | more than 4194304 characters
                    $pad('x', -2147483648, 'ab')                                                               | more than 4194304 characters
                    $join($map([1..50000], function($i) { 'x' }), $pad('', 1000))                               | more than 4194304 characters
                    $replace($pad('', 100000, 'x'), 'x', $pad('', 100, 'y'))                                   | more than 4194304 characters
                    $replace($pad('', 100000, 'x'), /x/, $pad('', 100, 'y'))                                   | more than 4194304 characters
                    $replace($pad('', 100000, 'x'), /x/, function($m) { $pad('', 1000) })                      | more than 4194304 characters
                    ($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d('x', 60))                | more than 4194304 characters
                    ($d := function($s, $n) { $n = 0 ? $s : $d([$s, $s], $n - 1) }; $d('x', 60))               | more than 1000000 elements
                    ($d := function($s, $n) { $n = 0 ? $string($s) : $d({'a': $s, 'b': $s}, $n - 1) }; $d(1, 60)) | more than 2000000 parts
                    ($d := function($s, $n) { $n = 0 ? $s : $d($zip($s, $s), $n - 1) }; $d([1, 2], 60))        | more than 2000000 parts
                    ($d := function($s, $n) { $n = 0 ? $s : $d({'a': $s}, $n - 1) }; $d(1, 2000))              | nested deeper than 500
                    ($t := $pad('', 4000000); [1..10000].$contains($t, 'y'))                                   | sub-expressions
                    $match($pad('', 5000, 'a'), /(a*)*(a*)*x\\1/)                                              | regular expressions look
                    $contains($pad('', 5000, 'a'), /(.*)*(.*)*x\\1/)                                           | regular expressions look
                    $split($pad('', 5000, 'ab'), /(.*)*(.*)*x\\1/)                                                | regular expressions look
                    $replace($pad('', 5000, 'a'), /(a*)*(a*)*x\\1/, '')                                        | regular expressions look
                    /(a*)*(a*)*x\\1/($pad('', 5000, 'a'))                                                      | regular expressions look
                    $pad('', 5000, 'a') ~> /(a*)*(a*)*x\\1/                                                    | regular expressions look
                    ($r := /(a*)*(a*)*x\\1/; $r($pad('', 5000, 'a')))                                          | regular expressions look
                    $map([$pad('', 5000, 'a')], /(a*)*(a*)*x\\1/)                                              | regular expressions look
                    {'r': /(a*)*(a*)*x\\1/}.r($pad('', 5000, 'a'))                                             | regular expressions look
                    """)
    void aBombFails(String expression, String reason) throws MalformedExpression {
        var before = THREADS.getCurrentThreadAllocatedBytes();
        var first = evaluate(expression);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_BYTES);
        assertThat(first)
                .isInstanceOfSatisfying(
                        JsonataExpression.Result.Failed.class,
                        failed -> assertThat(failed.message()).contains(reason));
        assertThat(evaluate(expression)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    $pad('a', 5, '-+')                                     | "a-+-+"
                    $pad('a', -5, '-+')                                    | "-+-+a"
                    $pad('😀', 3)                                          | "😀  "
                    $pad('abc', 2)                                         | "abc"
                    $join(['a', 'b'], '/')                                 | "a/b"
                    $join('a')                                             | "a"
                    $contains('abc', /b./)                                 | true
                    $contains('abc', 'x')                                  | false
                    $match('ab cd', /([a-z])([a-z])/, 1)                   | {"match":"ab","index":0,"groups":["a","b"]}
                    $split('a1b22c', /[0-9]+/)                             | ["a","b","c"]
                    $split('a1b22c', /[0-9]+/, 2)                          | ["a","b"]
                    $replace('a.b.c', '.', '$1')                           | "a$1b$1c"
                    $replace('a.b.c', '.', '-', 1)                         | "a-b.c"
                    $replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1')    | "Smith, John"
                    $replace('265USD', /([0-9]+)USD/, '$$$1')              | "$265"
                    $replace('abcdefghijklm', /(b)(c)/, '$12$9')           | "ab2defghijklm"
                    $replace('68F', /([0-9]+)F/, function($m) { $string($number($m.groups[0]) - 32) & 'C' }) | "36C"
                    ['a', 'b'] ~> $map($contains(?, 'a'))                  | [true,false]
                    'a' ~> $pad(3, '.')                                    | "a.."
                    /b(.)/('abc').match                                    | "bc"
                    /b(.)/i('aBc').groups                                  | ["c"]
                    ('a1b2' ~> /[0-9]/).start                              | 1
                    (($r := /[0-9]/; $r('a1b2')).next()).match             | "2"
                    $exists(/x/('abc'))                                    | false
                    $map(['a1', '22'], /[0-9]+/).match                     | ["1","22"]
                    ($r := /[ab]\\/c/; $contains('a/c', $r))               | true
                    6 / 3 / 2                                              | 1
                    $string(1e20)                                          | "100000000000000000000"
                    $string(1e21)                                          | "1e+21"
                    """)
    void whatIsBoundedGivesWhatItGave(String expression, String json) throws MalformedExpression, MalformedJson {
        assertThat(evaluate(expression))
                .isEqualTo(
                        new JsonataExpression.Result.Value(Document.parse(json).tree()));
    }

    private static JsonataExpression.Result evaluate(String expression) throws MalformedExpression {
        return JsonataExpression.compile(expression).evaluate(Map.of(), Instant.EPOCH, new SplittableRandom(1));
    }
}
