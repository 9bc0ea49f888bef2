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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded case that needs nothing of AWS besides this, over the wire by the recordings' own runner, whose table it prints, and
 * then how many of each area pass. {@code docs/aws-api.md} lists those that do not, each with its reason, and is kept true both ways;
 * {@code -Dconformance.update=true} rewrites the list. Slow, so not part of the usual build; needs node, and the AWS SDK for JavaScript
 * in the folder {@code -Daws.sdk.js} names.
 */
class WireConformance {
    @Test
    void theWholeCorpus(@TempDir Path folder) throws Exception {
        var corpus = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"))
                .toAbsolutePath()
                .normalize();
        var sdk = System.getProperty("aws.sdk.js", "");
        Assumptions.assumeTrue(Files.isDirectory(corpus.resolve("runner")), () -> "There is no runner in " + corpus);
        Assumptions.assumeTrue(
                !sdk.isEmpty(), () -> "-Daws.sdk.js=<folder in which npm i @aws-sdk/client-sfn was run> is not given");
        var failures = report(played(corpus, sdk, folder).path("cases"));
        if (Boolean.getBoolean("conformance.update")) {
            update(failures);
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
    }

    /** Prints how many cases of each area pass; returns those that do not, each with the first difference. */
    private static Map<String, String> report(JsonNode cases) {
        var passed = new TreeMap<String, Integer>();
        var total = new TreeMap<String, Integer>();
        var failures = new TreeMap<String, String>();
        for (var one : cases) {
            var well = one.path("pass").asBoolean() && !one.hasNonNull("skipped");
            var kind = one.path("kind").asText();
            for (var area : List.of(kind + ":" + one.path("area").asText(), kind + ":all")) {
                total.merge(area, 1, Integer::sum);
                passed.merge(area, well ? 1 : 0, Integer::sum);
            }
            if (!well) {
                failures.put(
                        kind + ":" + one.path("id").asText(),
                        one.path("why").path(0).asText(one.path("skipped").asText()));
            }
        }
        System.out.printf("%-32s %6s %6s%n", "area", "passed", "total");
        total.forEach((area, count) -> System.out.printf("%-32s %6d %6d%n", area, passed.get(area), count));
        return failures;
    }

    private static JsonNode played(Path corpus, String sdk, Path folder) throws Exception {
        var arns = new Arns("aws", "us-east-1", "111111111111");
        try (var stack = DevStack.start(
                DataFolder.open(folder.resolve("data")), DevPorts.FREE, arns, EdgeSettings.LOOPBACK, new Phases())) {
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

    /** Lists what does not pass now; a reason that was given stays, a new one is the first difference. */
    private static void update(Map<String, String> failures) throws IOException {
        var reasons = listed();
        var lines = new ArrayList<>(Files.readAllLines(list()));
        lines.removeIf(line -> line.startsWith("| `exec:") || line.startsWith("| `api:"));
        failures.forEach((id, difference) -> {
            var brief = difference.length() > 160 ? difference.substring(0, 160) + "..." : difference;
            lines.add("| `" + id + "` | "
                    + reasons.getOrDefault(id, brief.replace('|', '/').replace('\n', ' ')) + " |");
        });
        Files.write(list(), lines);
    }
}
