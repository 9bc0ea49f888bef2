package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ordering operators below, at and above their operand, for each type that has an order. */
class ChoiceOperatorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Equals            | false | true  | false
                    LessThan          | true  | false | false
                    GreaterThan       | false | false | true
                    LessThanEquals    | true  | true  | false
                    GreaterThanEquals | false | true  | true
                    """)
    void comparesAtTheBoundaryToo(String order, boolean below, boolean at, boolean above) throws MalformedJson {
        check("String" + order, "\"a\"", "\"b\"", "\"c\"", below, at, above);
        check("Numeric" + order, "-1", "0.0", "1e-9", below, at, above);
        check(
                "Timestamp" + order,
                "\"2026-01-01T00:00:00Z\"",
                "\"2026-01-01T00:00:01Z\"",
                "\"2026-01-01T00:00:01.001Z\"",
                below,
                at,
                above);
    }

    private static void check(
            String name, String less, String operand, String more, boolean below, boolean at, boolean above)
            throws MalformedJson {
        var operator = ChoiceOperator.named(name).orElseThrow();
        assertThat(operator.holds(tree(less), tree(operand)))
                .as(name + " below")
                .isEqualTo(below);
        assertThat(operator.holds(tree(operand), tree(operand)))
                .as(name + " at")
                .isEqualTo(at);
        assertThat(operator.holds(tree(more), tree(operand)))
                .as(name + " above")
                .isEqualTo(above);
    }

    private static JsonNode tree(String json) throws MalformedJson {
        return Document.parse(json).tree();
    }
}
