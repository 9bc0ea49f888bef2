package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.cli.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the services say when they cannot start. */
class ServiceCommandsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orchestrator | stepstream.api.prot=1 | stepstream.api.prot is no setting; stepstream.api.port",
                "orchestrator | stepstream.registry=http://r:1 | stepstream.bootstrap.servers (or STEPSTREAM_BOOTSTRAP_SERVERS) is missing",
                "gateway | stepstream.gateway.port=x | stepstream.gateway.port must be a port",
                "gateway | stepstream.registry=http://r:1 | stepstream.bootstrap.servers (or STEPSTREAM_BOOTSTRAP_SERVERS) is missing",
            })
    void aServiceSaysWhichSettingIsWrong(String service, String line, String said) throws IOException {
        var file = Files.writeString(folder.resolve("stepstream.properties"), line + "\n");
        var result = Said.by(service, "--config", file.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains(said);
    }

    @Test
    void rightsArePrintedAsCommands() {
        var said = Said.by("topics", "--acls", "--task", "mail");
        assertThat(said.status()).isZero();
        assertThat(said.out())
                .contains("# worker of mail")
                .contains(
                        "kafka-acls.sh --add --allow-principal User:worker --operation READ --topic stepstream.task-requests.mail")
                .contains("--transactional-id stepstream- --resource-pattern-type prefixed")
                .contains(
                        "kafka-acls.sh --add --allow-principal User:operator --operation WRITE --transactional-id stepstream-dead-letters");
    }
}
