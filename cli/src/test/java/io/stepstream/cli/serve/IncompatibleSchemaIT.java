package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.cli.Said;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.worker.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry in which another version has left schemas that this one's do not read: nothing of ours starts, and each says what differs. */
class IncompatibleSchemaIT {
    private static final String DIFFERENCE = "reader type: RECORD not compatible with writer type: LONG";

    @TempDir
    Path folder;

    @Test
    void whatDoesNotFitIsRefusedAtTheStartWithTheDifference() throws Exception {
        try (var kafka = LocalKafka.start(folder.resolve("kafka"), 0);
                var registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, 1, (short) 1);
            var subject = Topics.subject(Topics.TASK_RESULTS);
            new HttpSchemaRegistry(registry.uri()).register(subject, Schema.create(Schema.Type.LONG));
            var config = Files.writeString(folder.resolve("stepstream.properties"), """
                            stepstream.bootstrap.servers=%s
                            stepstream.registry=%s
                            stepstream.token.keys=%s
                            stepstream.api.secret=secret
                            stepstream.state.dir=%s
                            stepstream.orchestrators=http://127.0.0.1:1
                            stepstream.gateway.port=0
                            stepstream.gateway.instance=one
                            """.formatted(
                    kafka.bootstrapServers(), registry.uri(), folder.resolve("token-keys"), folder.resolve("state")));

            for (var service : new String[] {"orchestrator", "gateway"}) {
                var said = Said.by(service, "--config", config.toString());
                assertThat(said.status()).isEqualTo(1);
                assertThat(said.err())
                        .startsWith("stepstream: the " + service + " cannot start: ")
                        .contains(subject)
                        .contains(DIFFERENCE)
                        .hasLineCount(1);
            }
            assertThatThrownBy(() -> Worker.builder()
                            .bootstrapServers(kafka.bootstrapServers())
                            .registry(registry.uri())
                            .task("any", String.class, (in, task) -> in)
                            .start())
                    .isInstanceOf(IncompatibleSchema.class)
                    .hasMessageContaining(subject)
                    .hasMessageContaining(DIFFERENCE);
        }
    }
}
