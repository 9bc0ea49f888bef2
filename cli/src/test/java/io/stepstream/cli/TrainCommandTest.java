package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

    @TempDir
    Path folder;

    @Test
    void runsOneCommandAfterTheOther() throws IOException {
        var file = Files.writeString(
                        folder.resolve("a.asl.json"),
                        "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}")
                .toString();
        var said = Said.by("train", "validate", file, "--then", "run", file, "--input", "7", "--json");
        assertThat(said.status()).isZero();
        assertThat(said.out()).startsWith(file + ": valid\n").endsWith("{\"status\":\"SUCCEEDED\",\"output\":\"7\"}\n");
    }
}
