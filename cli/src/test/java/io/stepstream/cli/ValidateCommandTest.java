package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
    private static final String VALID = """
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}
            """;
    private static final String CHOICE = """
            {
              "StartAt": "A",
              "States": {
                "A": {
                  "Type": "Choice",
                  "Choices": [
                    {"Variable": "$.x", "IsNull": true, "Next": "B"},
                    {"Variable": "$.x", "IsNull": true, "Next": "Nowhere"}
                  ]
                },
                "B": {"Type": "Succeed"}
              }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aValidDefinition() throws IOException {
        var file = Files.writeString(folder.resolve("a.asl.json"), VALID).toString();
        assertThat(Said.by("validate", file)).isEqualTo(new Said(0, file + ": valid\n", ""));
    }

    @Test
    void aFindingInAnArrayIsFoundInTheFile() throws IOException {
        var file = Files.writeString(folder.resolve("a.asl.json"), CHOICE).toString();
        var said = Said.by("validate", file);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).startsWith(file + ":8:45: error MISSING_TRANSITION_TARGET /States/A/Choices[1]/Next\n");
    }

    @Test
    void whatIsMissingIsMissingInWhatIsAroundIt() {
        var said = Said.with("{\"States\": {}}", Keyboard.Sitting.NOBODY, "validate", "-");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).contains("-:1:1: error SCHEMA_VALIDATION_FAILED");
    }

    @Test
    void aTextThatIsNoJson() {
        var said = Said.with("{\n  \"StartAt\" \"A\"}", Keyboard.Sitting.NOBODY, "validate", "-");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).startsWith("-:2:13: error INVALID_JSON_DESCRIPTION\n    Unexpected character");
    }

    @Test
    void programsGetAnObjectForEachFile() throws IOException {
        var good = Files.writeString(folder.resolve("good.json"), VALID).toString();
        var bad = Files.writeString(folder.resolve("bad.json"), CHOICE).toString();
        var said = Said.by("validate", "--json", good, bad);
        assertThat(said.status()).isEqualTo(1);
        var lines = said.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("{\"file\":\"" + good + "\",\"result\":\"OK\",\"diagnostics\":[]}");
        var diagnostic =
                new ObjectMapper().readTree(lines.get(1)).path("diagnostics").path(0);
        assertThat(diagnostic.properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("severity", "code", "message", "location", "line", "column", "fix");
        assertThat(diagnostic.path("location").asText()).isEqualTo("/States/A/Choices[1]/Next");
        assertThat(diagnostic.path("line").asInt()).isEqualTo(8);
    }

    @Test
    void anExpressStateMachineMayNotWaitForOutsideWork() {
        var waits = """
                {"StartAt": "A", "States": {"A": {"Type": "Task", "TimeoutSeconds": 9, "End": true,
                  "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                  "Parameters": {"FunctionName": "f", "Payload": {"t.$": "$$.Task.Token"}}}}}
                """;
        assertThat(Said.with(waits, Keyboard.Sitting.NOBODY, "validate", "-").status())
                .isEqualTo(0);
        assertThat(Said.with(waits, Keyboard.Sitting.NOBODY, "validate", "--type", "EXPRESS", "-")
                        .status())
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeReadOrMeant() throws IOException {
        assertThat(Said.by("validate", folder + "/none"))
                .isEqualTo(new Said(2, "", "stepstream: there is no file " + folder + "/none"));
        var bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xC3, 0x28})
                .toString();
        assertThat(Said.by("validate", bytes).err()).isEqualTo("stepstream: " + bytes + " is not UTF-8 text");
        assertThat(Said.by("validate", folder.toString()).status()).isEqualTo(2);
        assertThat(Said.by("validate").status()).isEqualTo(2);
        assertThat(Said.by("validate", "--type", "SLOW", bytes).status()).isEqualTo(2);
    }
}
