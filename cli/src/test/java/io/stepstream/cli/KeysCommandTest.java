package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {

    @TempDir
    Path folder;

    @Test
    void aKeyIsPrintedOnceAndTheFileHasItsHash() throws Exception {
        var file = folder.resolve("credentials.json");
        var said = Said.by(
                "keys",
                "create",
                "--principal",
                "ci",
                "--role",
                "deployer",
                "--role",
                "viewer",
                "--file",
                file.toString());
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out().strip()).matches("ssk_[0-9a-f]{8}_[A-Za-z0-9_-]{43}");
        var secret = said.out().strip().substring(13);
        assertThat(Files.readString(file))
                .contains("\"ci\"")
                .contains("\"sha256\"")
                .doesNotContain(secret);

        var aws = Said.by(
                "keys",
                "create",
                "--aws",
                "--principal",
                "w",
                "--role",
                "worker",
                "--task",
                "charge",
                "--file",
                file.toString());
        assertThat(aws.out()).contains("aws_access_key_id = AKIA").contains("aws_secret_access_key = ");
        assertThat(Files.readString(file)).contains("\"charge\"");

        var wrong = Said.by("keys", "create", "--principal", "x", "--role", "king", "--file", file.toString());
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("--role king");
        var other = Said.by("keys", "create", "--principal", "ci", "--role", "worker", "--file", file.toString());
        assertThat(other.err()).contains("'ci' with other roles");
    }

    @Test
    void aGatewayForOtherMachinesNeedsCredentials() {
        var said = Said.by(
                "dev", "--host", "0.0.0.0", "--data-dir", folder.resolve("d").toString(), "--http-port", "0");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).contains("--host: 0.0.0.0").contains("keys create");
        assertThat(Said.by(
                                "dev",
                                "--tls-cert",
                                "x",
                                "--data-dir",
                                folder.resolve("e").toString())
                        .err())
                .contains("--tls-key");
    }
}
