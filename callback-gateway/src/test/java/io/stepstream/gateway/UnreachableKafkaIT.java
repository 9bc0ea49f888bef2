package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** A gateway whose cluster is away says so, soon. */
class UnreachableKafkaIT {

    @Test
    void saysWithinFiveSecondsToComeBack() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var away = URI.create("http://127.0.0.1:" + port);
        var keys = TokenKeys.generate();
        var settings = new GatewaySettings("127.0.0.1:" + port, away, keys, "s", List.of(away), 0, "g", Map.of());
        try (var gateway = Gateway.start(settings)) {
            var api = new Api(gateway.uri());
            assertThat(api.get("/health/live").status()).isEqualTo(200);
            assertThat(api.get("/health/ready").status()).isEqualTo(503);

            var token = keys.sign(new TaskToken("0".repeat(32), 1, "0".repeat(16)));
            for (var path : List.of("/v1/tasks/" + token + "/heartbeat", "/v1/executions/" + "0".repeat(32))) {
                var begin = Instant.now();
                var reply = path.startsWith("/v1/tasks") ? api.post(path, "") : api.get(path);
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.header("Retry-After")).isEqualTo("2");
                assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            }
            assertThat(api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(token))
                            .json()
                            .get("__type")
                            .asText())
                    .isEqualTo("ServiceUnavailable");
            assertThat(api.get("/approve/" + token).status()).isEqualTo(503);
        }
    }

    @Test
    void neitherSilenceNorALostClusterIsTakenForAnAnswer() throws Exception {
        var kafka = LocalKafka.start(Files.createTempDirectory("gateway-it"), 0);
        try (var registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, 1, (short) 1);
            var keys = TokenKeys.generate();
            var heartbeat = "/v1/tasks/" + keys.sign(new TaskToken("0".repeat(32), 1, "0".repeat(16))) + "/heartbeat";
            var settings = new GatewaySettings(
                    kafka.bootstrapServers(),
                    registry.uri(),
                    keys,
                    "s",
                    List.of(URI.create("http://127.0.0.1:1")),
                    0,
                    "g",
                    Map.of());
            try (var gateway = Gateway.start(settings)) {
                gateway.awaitReady(Duration.ofSeconds(30));
                var api = new Api(gateway.uri());
                // There is no engine: the result is stored, and nobody says what became of it.
                var unknown = api.post(heartbeat, "");
                assertThat(unknown.status()).isEqualTo(504);
                assertThat(unknown.json().get("type").asText()).isEqualTo("OutcomeUnknown");
                assertThat(unknown.json().get("detail").asText()).contains("Retry with the same key");

                registry.close();
                kafka.close();
                var begin = Instant.now();
                var lost = api.post(heartbeat, "");
                assertThat(lost.status()).isEqualTo(503);
                assertThat(lost.header("Retry-After")).isEqualTo("2");
                assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            }
        } finally {
            kafka.close();
        }
    }
}
