package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.audit.log.FolderLog;
import io.stepstream.audit.log.LogExport;
import io.stepstream.cli.Said;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After the demo an auditor comes: with the cluster running, with the folder it has left, and with a file. */
class AuditorSceneTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void anAuditorVerifiesPurgesRebuildsAndFindsAFlippedByte() throws Exception {
        var data = folder.resolve("data");
        var key = folder.resolve("audit.key").toString();
        assertThat(Said.by("audit", "keygen", key).status()).isZero();
        try (var scene = Scene.on(data, DevPorts.FREE)) {
            assertThat(scene.play(ApprovalDemo.Answer.APPROVE, Optional.empty()))
                    .isTrue();
            // Enough names that both partitions have some.
            var arns = sealedExecutions(scene, List.of("a", "b", "c", "d", "e", "kept", "gone"));
            var purged = Said.by(
                    "purge",
                    arns.getLast(),
                    "--reason",
                    "asked",
                    "--gateway",
                    scene.stack.gateway().toString());
            assertThat(purged.err()).isEmpty();
            assertThat(purged.status()).isZero();
            var cluster = List.of(
                    "--bootstrap-servers",
                    scene.stack.bootstrapServers(),
                    "--registry",
                    scene.stack.registry().toString());
            var signed = said(cluster, "audit", "checkpoint", "--signing-key", key);
            assertThat(signed.err()).isEmpty();
            assertThat(signed.out()).contains("checkpoint 1 of partition 0", "checkpoint 1 of partition 1");
            var live = said(
                    cluster,
                    "audit",
                    "verify",
                    "--checkpoint-key",
                    key + ".pub",
                    "--master-keys",
                    data.resolve("master-keys").toString());
            assertThat(live.err()).isEmpty();
            assertThat(live.out()).contains("Nothing differs.", "2 signed checkpoints agree");
            assertThat(live.status()).isZero();

            var before = answers(scene, arns);
            var rebuilt = said(cluster, "views", "rebuild");
            assertThat(rebuilt.err()).isEmpty();
            assertThat(rebuilt.out()).contains("generation 1 of the read side answers");
            assertThat(answers(scene, arns)).isEqualTo(before);
        }
        theFolderIsClean(data, key);
        theFileIsClean(data);
        aFlippedByteIsFound(data);
    }

    private static Said said(List<String> cluster, String... command) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(cluster);
        return Said.by(arguments.toArray(String[]::new));
    }

    private static List<String> sealedExecutions(Scene scene, List<String> names) throws Exception {
        var machine = JSON.createObjectNode()
                .put("name", "secrets")
                .put("sealed", true)
                .put("definition", "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}");
        post(scene.stack.gateway(), "/v1/state-machines", machine);
        var arns = new ArrayList<String>();
        for (var name : names) {
            var start = JSON.createObjectNode().put("stateMachine", "secrets").put("name", name);
            start.putObject("input").put("secret", "of " + name);
            arns.add(post(scene.stack.gateway(), "/v1/executions", start)
                    .path("executionArn")
                    .asText());
        }
        for (var arn : arns) {
            assertThat(scene.end(arn).path("status").asText()).isEqualTo("SUCCEEDED");
        }
        return arns;
    }

    private static JsonNode post(URI gateway, String path, JsonNode body) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(
                    HttpRequest.newBuilder(gateway.resolve(path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body.toString()))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            return JSON.readTree(response.body());
        }
    }

    /** What the read side says of executions and their history. */
    private static List<JsonNode> answers(Scene scene, List<String> arns) throws InterruptedException {
        var answers = new ArrayList<JsonNode>();
        for (var arn : arns) {
            var id = Arns.executionId(arn);
            answers.add(scene.gateway.execution(id));
            answers.add(scene.gateway.history(id, 0));
        }
        return answers;
    }

    private static void theFolderIsClean(Path data, String key) {
        var clean = Said.by("audit", "verify", "--data-dir", data.toString(), "--checkpoint-key", key + ".pub");
        assertThat(clean.err()).isEmpty();
        assertThat(clean.out())
                .contains("Nothing differs.", "2 signed checkpoints agree", "sealed, and the key is destroyed");
        assertThat(clean.status()).isZero();
        var json = Said.by("audit", "verify", "--data-dir", data.toString(), "--json");
        assertThat(json.out()).contains("\"differenceCount\" : 0");
        assertThat(Said.by("audit", "verify", "--data-dir", data.toString()).out())
                .contains("accidental change only");
    }

    private void theFileIsClean(Path data) throws IOException {
        var file = folder.resolve("all.log");
        try (var log = new FolderLog(data)) {
            LogExport.write(log, file, LogExport.Keys.LEFT_OUT);
        }
        var clean = Said.by("audit", "verify", "--file", file.toString());
        assertThat(clean.out()).contains("Nothing differs.", "sealed, and the key is not at hand");
        assertThat(clean.status()).isZero();
    }

    private static void aFlippedByteIsFound(Path data) throws IOException {
        for (var partition = 0; partition < 2; partition++) {
            var segment = data.resolve("kafka/stepstream.history-" + partition + "/00000000000000000000.log");
            var bytes = Files.readAllBytes(segment);
            var touched = bytes.clone();
            touched[bytes.length / 2] ^= 1;
            Files.write(segment, touched);
            var found = Said.by("audit", "verify", "--data-dir", data.toString());
            assertThat(found.out()).containsPattern("stepstream.history partition " + partition + " offset [0-9]+ ");
            assertThat(found.status()).isEqualTo(1);
            Files.write(segment, bytes);
        }
        assertThat(Said.by("audit", "verify", "--data-dir", data.toString()).status())
                .isZero();
    }

    @Test
    void whatCannotBeUsedIsToldInOneLine() throws IOException {
        var none = Said.by("audit", "verify", "--data-dir", folder.toString());
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("is no data folder");
        var file = Files.writeString(folder.resolve("some.txt"), "no log");
        assertThat(Said.by("audit", "verify", "--file", file.toString()).status())
                .isEqualTo(2);
        assertThat(Said.by("audit", "verify", "--file", "x", "--data-dir", "y").err())
                .contains("from one place");
        assertThat(Said.by("audit", "verify", "--bootstrap-servers", "127.0.0.1:1")
                        .err())
                .contains("--registry");
        assertThat(Said.by("audit", "verify", "--from", "yesterday").status()).isEqualTo(2);
        assertThat(Said.by("audit", "checkpoint", "--signing-key", "x").status())
                .isEqualTo(2);
    }
}
