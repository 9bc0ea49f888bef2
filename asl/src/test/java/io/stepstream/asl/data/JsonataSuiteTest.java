package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.data.JsonataExpression.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** JSONata's own test suite; what fails of it is listed, with reasons, in docs/jsonata.md, which this test keeps true both ways. */
class JsonataSuiteTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path CORPUS = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"));

    @Test
    void suite() throws IOException {
        assumeTrue(Files.isDirectory(CORPUS), () -> "no recorded cases at " + CORPUS.toAbsolutePath());
        var datasets =
                MAPPER.readTree(CORPUS.resolve("extra/jsonata-datasets.json").toFile());
        var failures = new TreeMap<String, String>();
        var total = 0;
        for (var line : Files.readAllLines(CORPUS.resolve("extra/jsonata-suite.jsonl"))) {
            var test = MAPPER.readTree(line);
            total++;
            var difference = difference(test, datasets);
            difference.ifPresent(found -> failures.put(test.get("id").asText(), found));
        }
        System.out.printf("jsonata suite: %d of %d%n", total - failures.size(), total);
        assertThat(failures.keySet())
                .as(() -> "what fails, against the list in docs/jsonata.md: " + failures)
                .isEqualTo(listed());
    }

    /** The ids in the table of docs/jsonata.md: the first cell of a row, in backquotes. */
    private static Set<String> listed() throws IOException {
        var rows = Files.readAllLines(Path.of("../docs/jsonata.md"));
        return rows.stream()
                .filter(row -> row.startsWith("| `"))
                .map(row -> row.substring(3, row.indexOf('`', 3)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<String> difference(JsonNode test, JsonNode datasets) {
        var expression = test.get("expr").asText();
        Result actual;
        try {
            var bindings = new HashMap<String, JsonNode>();
            test.path("bindings").properties().forEach(b -> bindings.put(b.getKey(), b.getValue()));
            actual = JsonataExpression.compile(expression)
                    .evaluate(context(test, datasets), bindings, Instant.EPOCH, new SplittableRandom(1));
        } catch (MalformedExpression e) {
            actual = new Result.Failed(String.valueOf(e.getMessage()));
        }
        if (test.has("result")) {
            var expected = test.get("result");
            return actual instanceof Result.Value(var value)
                            && same(expected, value, test.path("unordered").asBoolean())
                    ? Optional.empty()
                    : Optional.of(expression + " expected " + expected + " got " + actual);
        }
        if (test.has("undefinedResult")) {
            return actual instanceof Result.Undefined
                    ? Optional.empty()
                    : Optional.of(expression + " expected nothing got " + actual);
        }
        return actual instanceof Result.Failed
                ? Optional.empty()
                : Optional.of(expression + " expected " + test.path("code") + test.path("error") + " got " + actual);
    }

    private static Optional<JsonNode> context(JsonNode test, JsonNode datasets) {
        if (test.has("data")) {
            return Optional.of(test.get("data"));
        }
        var dataset = test.path("dataset");
        return dataset.isTextual() ? Optional.ofNullable(datasets.get(dataset.asText())) : Optional.empty();
    }

    private static boolean same(JsonNode expected, JsonNode actual, boolean unordered) {
        if (expected.isNumber() && actual.isNumber()) {
            var a = expected.doubleValue();
            var b = actual.doubleValue();
            return a == b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
        }
        if (expected.isArray() && actual.isArray()) {
            if (expected.size() != actual.size()) {
                return false;
            }
            for (var i = 0; i < expected.size(); i++) {
                var element = expected.get(i);
                var matches = unordered
                        ? actual.valueStream().anyMatch(candidate -> same(element, candidate, true))
                        : same(element, actual.get(i), false);
                if (!matches) {
                    return false;
                }
            }
            return true;
        }
        if (expected.isObject() && actual.isObject()) {
            return expected.size() == actual.size()
                    && expected.properties().stream()
                            .allMatch(f ->
                                    actual.has(f.getKey()) && same(f.getValue(), actual.get(f.getKey()), unordered));
        }
        return expected.equals(actual);
    }
}
