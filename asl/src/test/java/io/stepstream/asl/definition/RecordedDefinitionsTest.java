package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Definitions that AWS and other validators have judged, judged again. Data only, from outside the repository. */
class RecordedDefinitionsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Path folder() {
        return Path.of(System.getProperty("conformance.dir", "../../shared/conformance"));
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        var rows = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(file)) {
            rows.add(MAPPER.readTree(line));
        }
        return rows;
    }

    private static String text(JsonNode row) {
        return row.has("definitionText")
                ? row.get("definitionText").asText()
                : row.get("definition").toString();
    }

    private static Parsed judged(JsonNode row) {
        return StateMachine.parse(
                text(row), WorkflowType.valueOf(row.path("type").asText("STANDARD")));
    }

    @Test
    void definitionsAreJudgedAsTheyWere() throws IOException {
        assumeTrue(Files.isDirectory(folder().resolve("validation")), "no recorded definitions at " + folder());
        Map<String, int[]> table = new TreeMap<>();
        Map<String, String> wrong = new TreeMap<>();
        for (var file : List.of(
                "asl-validator",
                "statelint",
                "aws-recorded-accepted",
                "aws-recorded-rejected",
                "aws-validate-diagnostics")) {
            for (var row : rows(folder().resolve("validation/" + file + ".jsonl"))) {
                if (row.path("reason").asText().contains("Logging")
                        || !row.path("definitionIsTheCause").asBoolean(!file.equals("aws-recorded-rejected"))
                        || row.path("valid").isNull()) {
                    continue;
                }
                var passedAndTotal = table.computeIfAbsent(file, any -> new int[2]);
                passedAndTotal[1]++;
                var judged = judged(row);
                if (judged instanceof Parsed.Valid == row.get("valid").asBoolean()) {
                    passedAndTotal[0]++;
                } else {
                    wrong.put(row.get("id").asText(), judged.toString());
                }
            }
        }
        table.forEach((file, count) -> System.out.println(file + ": " + count[0] + " of " + count[1]));
        assertThat(wrong).isEmpty();
    }

    /** What AWS said of a definition it refused, where it was recorded, is among the findings, word for word. */
    @Test
    void findingsHaveAwssWords() throws IOException {
        assumeTrue(Files.isDirectory(folder().resolve("validation")), "no recorded definitions at " + folder());
        for (var row : rows(folder().resolve("validation/aws-recorded-rejected.jsonl"))) {
            var quoted = AWS_WORDS.matcher(row.path("reason").asText());
            if (row.path("definitionIsTheCause").asBoolean()
                    && row.path("recordedAgainst").asText().equals("aws")
                    && quoted.find()) {
                assertThat(words(judged(row))).as(row.path("id").asText()).contains(quoted.group(1));
            }
        }
        for (var row : rows(folder().resolve("validation/aws-validate-diagnostics.jsonl"))) {
            for (var diagnostic : row.path("diagnostics")) {
                var location = diagnostic.path("location").asText();
                var said = diagnostic.path("code").asText() + ": "
                        + diagnostic.path("message").asText() + (location.isEmpty() ? "" : " at " + location);
                assertThat(words(judged(row))).as(row.path("id").asText()).contains(withoutColumn(said));
            }
        }
    }

    private static final Pattern AWS_WORDS =
            Pattern.compile("Invalid State Machine Definition: '(.*)'$", Pattern.DOTALL);

    private static List<String> words(Parsed judged) {
        return switch (judged) {
            case Parsed.Valid(var _, var warnings) -> words(warnings);
            case Parsed.Invalid(var findings) -> words(findings);
        };
    }

    private static List<String> words(List<Finding> findings) {
        return findings.stream()
                .map(f ->
                        withoutColumn(f.code() + ": " + f.message() + (f.path().isEmpty() ? "" : " at " + f.path())))
                .toList();
    }

    /** Where in a line JSON is broken, a JSON parser's versions tell differently: before or behind the word. */
    private static String withoutColumn(String said) {
        return said.replaceAll("column: \\d+", "column");
    }
}
