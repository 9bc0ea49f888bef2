package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexCostTest {

    private static final FixedContext CONTEXT = FixedContext.of("{}", "{}", Map.of());

    private static JsonNode tree(String json) {
        return Document.ofTrusted(json).tree();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "$[?(@.a =~ /b.*/)].a ; [\"bc\"]",
                "$[?(@.a =~ /B.*/i)].a ; [\"bc\"]",
                "$[?(@.a =~ /(?:x|b)c/)].a ; [\"bc\"]",
                "$[?(@.a =~ /.*c.*/ && @.n > 0)].a ; [\"bc\",\"cc\"]",
                "$[?(@.a =~ /(?:red|green|bc|blue)/)].a ; [\"bc\"]",
                "$[?(@.a =~ /[*+]{2}\\/(d)?/)].a ; [\"*+/\"]",
            })
    void finds(String path, String found) throws Exception {
        var data = tree("[{\"a\":\"bc\",\"n\":1},{\"a\":\"cc\",\"n\":2},{\"a\":\"*+/\",\"n\":3},{\"n\":4}]");
        assertThat(Path.compile(path).read(new Scope(data, CONTEXT))).hasToString(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+",
                "((a+))*",
                "(a|aa)*b",
                "(?:a?){30}",
                "(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)",
                "(a)\\1",
                "(?=a)a",
                "(?<n>a)",
                "(?x)a",
                "\\Qa\\E",
                "[](]a",
                "[a[b]]",
                "a*b*c*d*",
                "a?b?c?d?e?f?g?h?i?j?k?l?m?n?",
                "*a",
                "[a-",
            })
    void refuses(String expression) {
        assertThatThrownBy(() -> Path.compile("$[?(@.a =~ /" + expression + "/)]"))
                .isInstanceOf(InvalidExpression.class);
    }

    @Test
    void refusesWhatIsNoLiteral() {
        assertThatThrownBy(() -> Path.compile("$[?(@.a =~ @.b)]")).isInstanceOf(InvalidExpression.class);
    }

    @Test
    void longTextsAreMatchedOnlyByCheapExpressions() throws Exception {
        var data = tree("[{\"a\":\"" + "x".repeat(100_000) + "\"}]");
        assertThat(Path.compile("$[?(@.a =~ /x*/)].a").read(new Scope(data, CONTEXT)))
                .hasSize(1);
        assertThatThrownBy(() -> Path.compile("$[?(@.a =~ /x*.*y/)].a").read(new Scope(data, CONTEXT)))
                .isInstanceOf(Path.NotFound.class);
    }
}
