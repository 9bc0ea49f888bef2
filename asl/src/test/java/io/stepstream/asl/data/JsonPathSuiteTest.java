package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The compliance suite of RFC 9535, as far as it tells anything here: AWS's paths are of the older kind, of Jayway's library, which
 * writes filters and lists of selectors otherwise and has no functions of the RFC's. Names, indices and wildcards are the same in both.
 */
class JsonPathSuiteTest {

    private static final java.nio.file.Path SUITE = java.nio.file.Path.of(
            System.getProperty("conformance.dir", "../../shared/conformance"), "extra/jsonpath-cts.json");
    private static final FixedContext CONTEXT = FixedContext.of("{}", "{}", Map.of());

    private static JsonNode tests() throws IOException {
        assumeTrue(Files.exists(SUITE), () -> "no compliance suite at " + SUITE.toAbsolutePath());
        return new ObjectMapper().readTree(SUITE.toFile()).get("tests");
    }

    @Test
    void everySelectorIsReadOrRefused() throws IOException {
        for (var test : tests()) {
            try {
                Path.compile(test.get("selector").asText())
                        .read(new Scope(test.path("document").deepCopy(), CONTEXT));
            } catch (InvalidExpression | Path.NotFound e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** Jayway's library takes several names in one bracket for one object of them, and no mixed lists. */
    @Test
    void namesIndicesAndWildcardsFindWhatTheSuiteSays() throws IOException {
        var differ = new TreeSet<String>();
        for (var test : tests()) {
            var name = test.get("name").asText();
            if (name.matches("(basic|name selector|index selector),.*")
                    && !test.path("invalid_selector").asBoolean()
                    && !name.contains("multiple")
                    && !finds(test)) {
                differ.add(name);
            }
        }
        assertThat(differ)
                .containsExactly(
                        "index selector, max exact index",
                        "index selector, min exact index",
                        "name selector, double quotes, escaped double quote",
                        "name selector, double quotes, escaped reverse solidus");
    }

    private static boolean finds(JsonNode test) {
        var expected = test.has("results") ? test.get("results") : null;
        try {
            var found = Path.compile(test.get("selector").asText()).read(new Scope(test.get("document"), CONTEXT));
            // A definite path gives what it finds, not a list of it.
            return expected == null
                    ? test.get("result").equals(found) || oneIs(test.get("result"), found)
                    : StreamSupport.stream(expected.spliterator(), false).anyMatch(found::equals);
        } catch (Path.NotFound e) {
            return expected == null && test.get("result").isEmpty();
        } catch (InvalidExpression e) {
            return false;
        }
    }

    private static boolean oneIs(JsonNode list, JsonNode found) {
        return list.size() == 1 && list.get(0).equals(found);
    }
}
