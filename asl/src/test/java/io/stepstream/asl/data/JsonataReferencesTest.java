package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonataReferencesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "$states.input.a + $b § states b § -",
                "$b.c[d = $e].{'f': g & $h} § b e h § -",
                "a + $.b § - § a",
                "a.b.c § - § a",
                "$sum(a) § sum § a",
                "$x.$sum(a) § x sum § -",
                "$x ~> $map(function($v, $i) { $v + $i + $j }) § x map j § -",
                "$map($x, function($v) { name }) § map x § name",
                "$map($x, λ($v)<n:n> { $v.name }) § map x § -",
                "($a := 1; $a + $b) § b § -",
                "($a := $a + 1; $a) § a § -",
                "($a := 1; ($a := 2; $a)); § - § -",
                "(($a := 1); $a) § a § -",
                "($f := function($n) { $n = 0 ? 1 : $n * $f($n - 1) }; $f(5)) § - § -",
                "$x@$y#$i.{'a': $y, 'b': $i} § x § -",
                "$x^(>price, name) § x § -",
                "($ ~> |a.b|{'c': d, 'e': $f},['g']|) § f § -",
                "$x{kind: $sum(n)} § x sum § -",
                "{kind: 1} § - § kind",
                "[a, `b c`, 'd', \"e\"] § - § a `b c`",
                "$match($s, /a(b[/]c)$x/i) § match s § -",
                "$x and true or in = null § x § in",
                "/* $c */ $x.and.or * 1.5e3 § x § -",
                "[1..$n].($ * $m) § n m § -",
                "$f(?, $g) § f g § -",
                "$x.*.**.% § x § -",
                "$x ? a : $y ?: $z ?? b § x y z § a b",
            })
    void whatComesFromOutside(String expression, String variables, String topLevelNames) {
        var references = JsonataReferences.of(expression);
        assertThat(references.variables()).containsExactlyInAnyOrderElementsOf(words(variables));
        assertThat(references.topLevelNames()).containsExactlyElementsOf(words(topLevelNames));
    }

    private static List<String> words(@org.jspecify.annotations.Nullable String cell) {
        return cell == null
                ? List.of()
                : List.of(cell.replace("`b c`", "b_c").split(" ")).stream()
                        .map(word -> word.replace('_', ' '))
                        .toList();
    }
}
