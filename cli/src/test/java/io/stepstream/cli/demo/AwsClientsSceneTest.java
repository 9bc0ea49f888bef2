package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The approval example by the AWS CLI and by the AWS SDK for JavaScript, where they are installed. */
class AwsClientsSceneTest {
    private static final Path EXAMPLE =
            Path.of("../examples/approval").toAbsolutePath().normalize();

    @TempDir
    static Path folder;

    private static DevStack stack;

    @BeforeAll
    static void start() {
        stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void theSceneByTheCli() throws Exception {
        var cli = Path.of("/usr/bin/aws");
        Assumptions.assumeTrue(Files.isExecutable(cli), () -> cli + " is not installed: apt-get install awscli");
        var said = run(
                "env",
                "PATH=/usr/bin:/bin",
                EXAMPLE.resolve("aws-cli.sh").toString(),
                stack.gateway().toString());
        assertThat(said).isEqualTo("SUCCEEDED\n1\n");
    }

    @Test
    void theSceneByTheSdkForJavaScript() throws Exception {
        var modules = System.getProperty("aws.sdk.js", "");
        Assumptions.assumeTrue(
                !modules.isEmpty(),
                () -> "-Daws.sdk.js=<folder in which npm i @aws-sdk/client-sfn was run> is not given");
        var said = run(
                "node",
                EXAMPLE.resolve("aws-sdk.mjs").toString(),
                stack.gateway().toString(),
                modules);
        assertThat(said).isEqualTo("SUCCEEDED\n1\n");
    }

    /** What a command says on its standard output. */
    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("stderr")))
                .isZero();
        return said;
    }
}
