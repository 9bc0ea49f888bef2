package io.stepstream.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded case that needs nothing of AWS besides this, over the wire by the recordings' own runner. {@code docs/aws-api.md} has its
 * table, and lists the cases that do not pass, each with its reason; both are kept true both ways, and {@code -Dconformance.update=true}
 * rewrites them. Slow, so not part of the usual build; needs node, and the AWS SDK for JavaScript in the folder {@code -Daws.sdk.js} names.
 */
class WireConformance {
    private static final String LIST = "What does not pass, and why";
    private static final List<String> OF_EXECUTIONS = List.of("result", "types", "strict", "cause");
    private static final List<String> OF_SCRIPTS = List.of("result", "checks", "messages");

    @Test
    void theWholeCorpus(@TempDir Path folder) throws Exception {
        var corpus = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"))
                .toAbsolutePath()
                .normalize();
        var sdk = System.getProperty("aws.sdk.js", "");
        Assumptions.assumeTrue(Files.isDirectory(corpus.resolve("runner")), () -> "There is no runner in " + corpus);
        Assumptions.assumeTrue(
                !sdk.isEmpty(), () -> "-Daws.sdk.js=<folder in which npm i @aws-sdk/client-sfn was run> is not given");
        var played = played(corpus, sdk, folder);
        var failures = failures(played.path("cases"));
        var table = table(played.path("areas"));
        if (Boolean.getBoolean("conformance.update")) {
            update(failures, table);
        }
        var known = new TreeSet<>(listed().keySet());
        var surprising = failures.entrySet().stream()
                .filter(failure -> !known.contains(failure.getKey()))
                .map(failure -> failure.getKey() + ": " + failure.getValue())
                .collect(Collectors.joining("\n"));
        assertThat(surprising)
                .as("cases that fail and are not in docs/aws-api.md")
                .isEmpty();
        known.removeAll(failures.keySet());
        assertThat(known)
                .as("cases of docs/aws-api.md that pass, or are not there")
                .isEmpty();
        assertThat(documented()).as("the table of docs/aws-api.md").isEqualTo(table);
    }

    /** The cases that do not pass, each with the first difference. */
    private static Map<String, String> failures(JsonNode cases) {
        var failures = new TreeMap<String, String>();
        for (var one : cases) {
            if (!one.path("pass").asBoolean() || one.hasNonNull("skipped")) {
                failures.put(
                        one.path("kind").asText() + ":" + one.path("id").asText(),
                        one.path("why").path(0).asText(one.path("skipped").asText()));
            }
        }
        return failures;
    }

    /** How much of each area passes: executions, then scripts of API calls. */
    private static List<String> table(JsonNode areas) {
        var executions = new TreeMap<String, JsonNode>();
        var scripts = new TreeMap<String, JsonNode>();
        areas.properties().stream()
                .filter(area -> !area.getKey().startsWith("TOTAL"))
                .forEach(area ->
                        (area.getKey().startsWith("api:") ? scripts : executions).put(area.getKey(), area.getValue()));
        var table = new ArrayList<>(
                List.of("| executions | result | event types | exact history | cause |", "|---|---|---|---|---|"));
        table.addAll(rows(executions, OF_EXECUTIONS));
        table.addAll(List.of("", "| scripts of API calls | result | single calls | messages |", "|---|---|---|---|"));
        table.addAll(rows(scripts, OF_SCRIPTS));
        return table;
    }

    private static List<String> rows(Map<String, JsonNode> areas, List<String> columns) {
        var rows = new ArrayList<String>();
        areas.forEach((name, area) -> rows.add(row(name, columns, column -> List.of(area.path(column)))));
        rows.add(row(
                "**all**",
                columns,
                column -> areas.values().stream().map(area -> area.path(column)).toList()));
        return rows;
    }

    /** A row; each of its cells is the sum of some counts of what passes and of all. */
    private static String row(String name, List<String> columns, Function<String, List<JsonNode>> counts) {
        return columns.stream()
                .map(counts)
                .map(all -> {
                    var passed = all.stream()
                            .mapToInt(count -> count.path(0).asInt())
                            .sum();
                    var total = all.stream()
                            .mapToInt(count -> count.path(1).asInt())
                            .sum();
                    return total == 0 ? "-" : passed + "/" + total;
                })
                .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
    }

    private static JsonNode played(Path corpus, String sdk, Path folder) throws Exception {
        var arns = new Arns("aws", "us-east-1", "111111111111");
        try (var stack = DevStack.start(
                DataFolder.open(folder.resolve("data")), DevPorts.FREE, arns, EdgeSettings.LOOPBACK, new Phases())) {
            RecordedAccount.setUp(corpus.resolve("cases"), stack.gateway());
            var scores = folder.resolve("scores.json");
            var runner = new ProcessBuilder(command(corpus, sdk, stack, scores))
                    .directory(corpus.resolve("runner").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(folder.resolve("table.txt").toFile())
                    .start();
            assertThat(runner.waitFor(15, TimeUnit.MINUTES)).isTrue();
            System.out.println(Files.readString(folder.resolve("table.txt")));
            return new ObjectMapper().readTree(scores.toFile());
        }
    }

    private static List<String> command(Path corpus, String sdk, DevStack stack, Path scores) throws IOException {
        var command = new ArrayList<>(List.of(
                "node",
                "runner.mjs",
                "--sdk",
                sdk,
                "--endpoint",
                stack.gateway().toString(),
                "--needs",
                "none,activity,callback,lambda,sqs",
                "--transport",
                "transport-activity.mjs",
                "--json",
                scores.toString()));
        try (var cases = Files.list(corpus.resolve("cases"))) {
            cases.map(Path::toString).sorted().forEach(command::add);
        }
        return command;
    }

    private static Path list() {
        var here = Path.of("").toAbsolutePath();
        return (Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize()).resolve("docs/aws-api.md");
    }

    /** What docs/aws-api.md lists: a case's kind and id, and why it does not pass. */
    private static Map<String, String> listed() throws IOException {
        var listed = new TreeMap<String, String>();
        for (var line : Files.readAllLines(list())) {
            if (line.startsWith("| `exec:") || line.startsWith("| `api:")) {
                var end = line.indexOf('`', 3);
                listed.put(
                        line.substring(3, end),
                        line.substring(end + 3, line.length() - 1).strip());
            }
        }
        return listed;
    }

    /** The table as it is documented. */
    private static List<String> documented() throws IOException {
        return place(Files.readAllLines(list()));
    }

    /** Where the table is among these lines. */
    private static List<String> place(List<String> lines) {
        var head =
                lines.stream().filter(line -> line.startsWith("| executions |")).findFirst();
        var begin = lines.indexOf(head.orElseThrow());
        var list = lines.stream().filter(line -> line.startsWith(LIST)).findFirst();
        return lines.subList(begin, lines.indexOf(list.orElseThrow()) - 1);
    }

    /** Writes the table, and lists what does not pass now; a reason that was given stays, a new one is the first difference. */
    private static void update(Map<String, String> failures, List<String> table) throws IOException {
        var reasons = listed();
        var lines = new ArrayList<>(Files.readAllLines(list()));
        var place = place(lines);
        place.clear();
        place.addAll(table);
        lines.removeIf(line -> line.startsWith("| `exec:") || line.startsWith("| `api:"));
        failures.forEach((id, difference) -> {
            var brief = difference.length() > 160 ? difference.substring(0, 160) + "..." : difference;
            lines.add("| `" + id + "` | "
                    + reasons.getOrDefault(id, brief.replace('|', '/').replace('\n', ' ')) + " |");
        });
        Files.write(list(), lines);
    }
}
