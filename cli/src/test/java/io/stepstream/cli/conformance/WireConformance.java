package io.stepstream.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded case that needs nothing of AWS besides this, over the wire by the recordings' own runner, whose table it prints. What does
 * not pass is in {@code not-as-recorded.txt}, with the reason, and nothing else is. Slow, so not part of the usual build; needs node, and the AWS SDK for JavaScript in the folder {@code -Daws.sdk.js} names.
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
        var arns = new Arns("aws", "us-east-1", "111111111111");
        try (var stack = DevStack.start(
                DataFolder.open(folder.resolve("data")), DevPorts.FREE, arns, EdgeSettings.LOOPBACK, new Phases())) {
            var scores = folder.resolve("scores.json");
            var runner = new ProcessBuilder(command(corpus, sdk, stack, scores))
                    .directory(corpus.resolve("runner").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(runner.waitFor(15, TimeUnit.MINUTES)).isTrue();
            var failed = new TreeSet<String>();
            for (var played : new ObjectMapper().readTree(scores.toFile()).path("cases")) {
                if (played.has("pass") && !played.path("pass").asBoolean()) {
                    failed.add(played.path("kind").asText() + " "
                            + played.path("id").asText());
                }
            }
            assertThat(failed).as("what does not pass, by not-as-recorded.txt").isEqualTo(notAsRecorded());
        }
    }

    /** Kind and id of what is known not to pass: a line of the file each, with the reason behind a bar. */
    private static Set<String> notAsRecorded() throws IOException {
        var known = new TreeSet<String>();
        try (var file = WireConformance.class.getResourceAsStream("not-as-recorded.txt")) {
            for (var line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var parts = line.split(" \\| ");
                assertThat(parts).as("'kind id | reason': " + line).hasSize(2);
                known.add(parts[0]);
            }
        }
        return known;
    }

    private static List<String> command(Path corpus, String sdk, DevStack stack, Path scores) throws Exception {
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
}
