package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Plays the cases recorded against AWS that need no network, if the recordings are there ({@code -Dconformance.dir}), and compares
 * status, output, error, cause and history. {@code docs/conformance.md} lists what fails, and is kept true both ways;
 * {@code -Dconformance.update=true} rewrites the list.
 */
class ConformanceTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> NEEDS = Set.of(
            "none",
            "lambda",
            "callback",
            "activity",
            "nested-states",
            "sync-integration",
            "credentials",
            "distributed-map",
            "s3");

    @Test
    void casesOfTheRecordingsPass() throws IOException {
        var cases = directory().resolve("cases");
        assumeTrue(Files.isDirectory(cases), () -> "no recordings at " + cases + ": conformance is not tested");
        var passed = new TreeMap<String, Integer>();
        var total = new TreeMap<String, Integer>();
        var failures = new TreeMap<String, String>();
        for (var recorded : read(cases)) {
            var area = recorded.get("area").asText();
            total.merge(area, 1, Integer::sum);
            var difference = new RecordedCase(recorded).play();
            difference.ifPresent(words -> failures.put(recorded.get("id").asText(), words));
            passed.merge(area, difference.isPresent() ? 0 : 1, Integer::sum);
        }
        total.forEach((area, count) -> System.out.printf("%-28s %4d of %4d%n", area, passed.get(area), count));
        System.out.printf(
                "%-28s %4d of %4d%n",
                "all",
                passed.values().stream().mapToInt(Integer::intValue).sum(),
                total.values().stream().mapToInt(Integer::intValue).sum());
        if (Boolean.getBoolean("conformance.update")) {
            update(failures);
        }
        var known = new TreeSet<>(listed().keySet());
        var surprising = failures.entrySet().stream()
                .filter(failure -> !known.contains(failure.getKey()))
                .map(failure -> failure.getKey() + ": " + failure.getValue())
                .collect(Collectors.joining("\n"));
        assertThat(surprising)
                .as("cases that fail and are not in docs/conformance.md")
                .isEmpty();
        known.removeAll(failures.keySet());
        assertThat(known)
                .as("cases of docs/conformance.md that pass, or are not there")
                .isEmpty();
    }

    private static Path root() {
        var here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize();
    }

    private static Path directory() {
        var set = System.getProperty("conformance.dir", "");
        return set.isEmpty() || set.startsWith("$")
                ? root().resolve("../shared/conformance").normalize()
                : Path.of(set);
    }

    private static List<JsonNode> read(Path cases) throws IOException {
        var all = new ArrayList<JsonNode>();
        try (var files = Files.list(cases)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                for (var line : Files.readAllLines(file)) {
                    var recorded = MAPPER.readTree(line);
                    if (recorded.path("expected").has("status")
                            && !recorded.path("source").path("marker").asText().equals("aws.only_localstack")
                            && recorded.get("needs").valueStream().allMatch(need -> NEEDS.contains(need.asText()))) {
                        all.add(recorded);
                    }
                }
            }
        }
        return all;
    }

    private static Path list() {
        return root().resolve("docs/conformance.md");
    }

    /** What docs/conformance.md lists: a case's id, and why it fails. */
    private static Map<String, String> listed() throws IOException {
        var listed = new TreeMap<String, String>();
        for (var line : Files.readAllLines(list())) {
            if (line.startsWith("| `")) {
                var end = line.indexOf('`', 3);
                listed.put(
                        line.substring(3, end),
                        line.substring(end + 3, line.length() - 1).strip());
            }
        }
        return listed;
    }

    /** Lists what fails now; a reason that was given stays, a new one is the first difference. */
    private static void update(Map<String, String> failures) throws IOException {
        var reasons = listed();
        var lines = new ArrayList<>(Files.readAllLines(list()));
        lines.removeIf(line -> line.startsWith("| `"));
        failures.forEach((id, difference) -> {
            var brief = difference.length() > 160 ? difference.substring(0, 160) + "..." : difference;
            lines.add("| `" + id + "` | "
                    + reasons.getOrDefault(id, brief.replace('|', '/').replace('\n', ' ')) + " |");
        });
        Files.write(list(), lines);
    }
}
