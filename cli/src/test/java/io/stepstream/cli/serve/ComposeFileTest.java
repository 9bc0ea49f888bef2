package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack's file by compose itself, which checks it against its schema. */
class ComposeFileTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Result(int status, String output) {}

    private Result compose(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("docker-compose"));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            assumeTrue(false, "docker-compose is not installed: " + e.getMessage());
            throw e;
        }
    }

    @Test
    void itIsValidWithOneBrokerAndWithThree() throws Exception {
        Files.copy(ROOT.resolve("docker-compose.yml"), folder.resolve("docker-compose.yml"));
        var secrets = Files.createDirectories(folder.resolve("deploy/secrets"));
        Files.writeString(secrets.resolve("stepstream.env"), "STEPSTREAM_API_SECRET=x\n");
        Files.copy(
                ROOT.resolve("deploy/three-brokers.env"),
                folder.resolve("three-brokers.env"),
                StandardCopyOption.REPLACE_EXISTING);

        var one = compose("config", "--services");
        assertThat(one.status()).as(one.output()).isZero();
        assertThat(one.output().lines())
                .contains(
                        "kafka-1", "registry", "topics", "orchestrator-1", "orchestrator-2", "gateway-1", "gateway-2");
        var three = compose("--env-file", "three-brokers.env", "--profile", "monitoring", "config");
        assertThat(three.status()).as(three.output()).isZero();
        assertThat(three.output())
                .contains("STEPSTREAM_BOOTSTRAP_SERVERS: kafka-1:9092,kafka-2:9092,kafka-3:9092")
                .contains("STEPSTREAM_TOPICS_REPLICATION: '3'")
                .contains("grafana");
    }
}
