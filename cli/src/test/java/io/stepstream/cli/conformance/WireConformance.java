package io.stepstream.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.schemas.Arns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every recorded case that needs nothing of AWS besides this, over the wire by the recordings' own runner, whose table it prints. Slow, so
 * not part of the usual build; needs node, and the AWS SDK for JavaScript in the folder {@code -Daws.sdk.js} names.
 */
class WireConformance {
    /** What is reached is not to be lost: cases that pass, of those the runner selects. See docs/aws-api.md. */
    private static final int EXECUTIONS = 500;

    private static final int API_SCRIPTS = 218;

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
            var areas = new ObjectMapper().readTree(scores.toFile()).path("areas");
            assertThat(areas.at("/TOTAL executions/result/0").asInt()).isGreaterThanOrEqualTo(EXECUTIONS);
            assertThat(areas.at("/TOTAL api/result/0").asInt()).isGreaterThanOrEqualTo(API_SCRIPTS);
        }
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
