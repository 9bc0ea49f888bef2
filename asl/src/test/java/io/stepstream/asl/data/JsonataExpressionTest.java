package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.data.JsonataExpression.Result;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonataExpressionTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            $states.input.n + 1                       | 42
            $partition([1,2,3,4,5], 2)                | [[1,2],[3,4],[5]]
            $range(0, 10, 5)                          | [0,5,10]
            $range(3, 1, -1)                          | [3,2,1]
            $range(1, 9, 9)                           | 1
            $hash('', 'MD5')                          | "d41d8cd98f00b204e9800998ecf8427e"
            $parse('{"a":[1,null]}').a                | [1,null]
            $parse('null')                            | null
            $states.input.nothing                     | null
            $missing                                  | undefined
            $now()                                    | "2026-11-23T12:00:00.000Z"
            $millis()                                 | 1795435200000
            function($x){$x}                          | unsupported
            {'a': function($x){$x}}                   | unsupported
            'a' + 1                                   | failed T2001
            $range(1, 2000, 1)                        | failed more than 1000
            $range(1, 2, 0)                           | failed must not be 0
            $hash('a', 'CRC')                         | failed unknown algorithm
            $fromMillis(1104537600000, '[X0001]-W[W01]-[F1]') | "2004-W53-6"
            $fromMillis(1230508800000, '[[[X]]] [w] of [xNn]') | "[2009] 1 of January"
            $fromMillis(1230764400000, '[X] [H01]', '+0130') | "2009 00"
            $fromMillis(1104537600000)                | "2005-01-01T00:00:00.000Z"
            $now('[X]-[W01]')                         | "2026-48"
            $toMillis('13:45', '[H]:[m]') ~> $fromMillis() | "2026-11-23T13:45:00.000Z"
            $toMillis('2026-11-23')                   | 1795392000000
            $eval('1')                                | failed not supported
            ($f := function($n){$f($n) + 1}; $f(1))   | failed nests deeper
            ($f := function($n){$f($n + 1)}; $f(1))   | failed infinite loop
            """)
    void evaluates(String expression, String expected) throws Exception {
        var result = evaluate(expression, 1);
        switch (result) {
            case Result.Value(var value) -> assertThat(value).isEqualTo(MAPPER.readTree(expected));
            case Result.Undefined() -> assertThat(expected).isEqualTo("undefined");
            case Result.Unsupported() -> assertThat(expected).isEqualTo("unsupported");
            case Result.Failed(var message) -> {
                assertThat(expected).startsWith("failed ");
                assertThat(message).contains(expected.substring("failed ".length()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$random()", "$uuid()", "$shuffle([1,2,3,4,5,6,7,8])", "[1..3].$random()"})
    void randomnessComesFromTheSeed(String expression) throws Exception {
        assertThat(evaluate(expression, 7)).isEqualTo(evaluate(expression, 7)).isNotEqualTo(evaluate(expression, 8));
    }

    @Test
    void aSeededRandomIsTheSameEverywhere() throws Exception {
        assertThat(evaluate("$random(5)", 1)).isEqualTo(evaluate("$random(5)", 2));
    }

    @Test
    void tellsItsVariables() throws Exception {
        assertThat(JsonataExpression.compile("$a + $states.input.b & '$c' & $string($d) & $map([1], $e)")
                        .variables())
                .containsExactlyInAnyOrder("a", "states", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "$f(", "'open", "{'a':}"})
    void refusesWhatIsNotJsonata(String text) {
        assertThatThrownBy(() -> JsonataExpression.compile(text)).isInstanceOf(MalformedExpression.class);
    }

    private static Result evaluate(String expression, long seed) throws Exception {
        JsonNode states = MAPPER.readTree("{\"input\":{\"n\":41,\"nothing\":null}}");
        return JsonataExpression.compile(expression)
                .evaluate(Map.of("states", states), NOW, new SplittableRandom(seed));
    }
}
