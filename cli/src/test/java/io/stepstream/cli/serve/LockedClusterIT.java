package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.Said;
import io.stepstream.gateway.Gateway;
import io.stepstream.gateway.GatewaySettings;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.schemas.Acls;
import io.stepstream.schemas.Topics;
import io.stepstream.settings.Settings;
import io.stepstream.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that asks over TLS who is there (SASL) and allows no more than what {@code stepstream topics --acls} prints. */
class LockedClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TASK = "charge/card";
    private static final String DEFINITION = """
            {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "TimeoutSeconds": 60,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:charge/card", "End": true}}}""";

    @TempDir
    static Path folder;

    private static final List<AutoCloseable> PARTS = new ArrayList<>();
    private static Certificate certificate = new Certificate(Path.of(""), "");
    private static String brokers = "";
    private static URI registry = URI.create("http://127.0.0.1");

    @BeforeAll
    static void start() throws Exception {
        certificate = Certificate.make(folder);
        var kafka = started(LocalKafka.start(folder.resolve("kafka"), 0, locked()));
        brokers = kafka.bootstrapServers();
        // The registry is nobody's principal here: it keeps its schemas elsewhere.
        var other = started(LocalKafka.start(folder.resolve("schemas"), 0));
        registry = started(LocalRegistry.start(other.bootstrapServers(), 0)).uri();
    }

    @AfterAll
    static void stop() throws Exception {
        for (var part : PARTS.reversed()) {
            part.close();
        }
    }

    private static <T extends AutoCloseable> T started(T part) {
        PARTS.add(part);
        return part;
    }

    private static Map<String, String> locked() {
        var broker = new HashMap<>(Map.of(
                "listener.security.protocol.map", "BROKER:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.broker.plain.sasl.jaas.config",
                        login("admin").replace(";", "")
                                + " user_admin=\"secret\" user_orchestrator=\"secret\" user_gateway=\"secret\" user_worker=\"secret\";",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The broker itself, and the controller's listener, which asks nobody.
                "super.users", "User:admin;User:ANONYMOUS"));
        certificate.shown().forEach((key, value) -> broker.put("listener.name.broker." + key, value));
        certificate.trusted().forEach((key, value) -> broker.put("listener.name.broker." + key, value));
        return broker;
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                + "\" password=\"secret\";";
    }

    /** How a user's clients reach the cluster. */
    private static Map<String, String> kafka(String user) {
        var client = new HashMap<>(certificate.trusted());
        client.putAll(
                Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "sasl.jaas.config", login(user)));
        return client;
    }

    private static Properties settings(String user, Map<String, String> more) {
        var properties = new Properties();
        properties.put("stepstream.bootstrap.servers", brokers);
        kafka(user).forEach((key, value) -> properties.put("stepstream.kafka." + key, value));
        more.forEach((key, value) -> properties.put("stepstream." + key, value));
        return properties;
    }

    private static Path file(String name, Properties properties) throws IOException {
        var file = folder.resolve(name);
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    @Test
    void anExecutionRunsWithNoMoreRightsThanArePrinted() throws Exception {
        var admin = file(
                "admin.properties", settings("admin", Map.of("topics.partitions", "2", "topics.replication", "1")));
        var created = Said.by("topics", "--create", "--task", TASK, "--config", admin.toString());
        assertThat(created.err()).isEmpty();
        assertThat(created.out()).contains(Topics.taskRequests(TASK)).contains("everything is as it must be");
        assertThat(created.status()).isZero();
        grant();

        var common = Map.of(
                "registry", registry.toString(),
                "token.keys", folder.resolve("token-keys").toString(),
                "api.secret", "secret");
        var orchestrator = started(Orchestrator.start(OrchestratorSettings.of(Settings.of(
                settings(
                        "orchestrator",
                        with(common, "state.dir", folder.resolve("state").toString())),
                Map.of()))));
        var gateway = started(Gateway.start(GatewaySettings.of(Settings.of(
                settings(
                        "gateway",
                        with(
                                with(common, "orchestrators", orchestrator.api().toString()),
                                "gateway.port",
                                "0",
                                "gateway.instance",
                                "one")),
                Map.of()))));
        orchestrator.awaitReady(PATIENCE);
        gateway.awaitReady(PATIENCE);
        var worker = Worker.builder().bootstrapServers(brokers).registry(registry);
        kafka("worker").forEach(worker::kafka);
        started(worker.task(TASK, JsonNode.class, (input, task) -> Map.of("paid", input.path("amount")))
                .start());

        assertThat(outcome(gateway.uri())).isEqualTo("{\"paid\":7}");
        findsWhatIsWrong(admin);
    }

    private static Map<String, String> with(Map<String, String> settings, String... more) {
        var all = new HashMap<>(settings);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static void grant() throws Exception {
        var bindings = new ArrayList<AclBinding>();
        bindings.addAll(Acls.ORCHESTRATOR.bindings("User:orchestrator", ""));
        bindings.addAll(Acls.GATEWAY.bindings("User:gateway", ""));
        bindings.addAll(Acls.WORKER.bindings("User:worker", TASK));
        try (var admin = admin()) {
            admin.createAcls(bindings).all().get();
        }
    }

    private static Admin admin() {
        var config = new HashMap<String, Object>(kafka("admin"));
        config.put("bootstrap.servers", brokers);
        return Admin.create(config);
    }

    private static String outcome(URI gateway) throws Exception {
        var machine = call(
                        gateway,
                        "CreateStateMachine",
                        Map.of(
                                "name",
                                "pay",
                                "definition",
                                DEFINITION,
                                "roleArn",
                                "arn:aws:iam::000000000000:role/role"))
                .path("stateMachineArn")
                .asText();
        var execution = call(gateway, "StartExecution", Map.of("stateMachineArn", machine, "input", "{\"amount\":7}"))
                .path("executionArn")
                .asText();
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            var now = call(gateway, "DescribeExecution", Map.of("executionArn", execution));
            if (!now.path("status").asText().equals("RUNNING")) {
                assertThat(now.path("status").asText()).as("%s", now).isEqualTo("SUCCEEDED");
                return now.path("output").asText();
            }
        }
        throw new AssertionError("still running after " + PATIENCE);
    }

    private static JsonNode call(URI gateway, String operation, Map<String, String> body) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(gateway)
                            .header("X-Amz-Target", "AWSStepFunctions." + operation)
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }
    }

    private static void findsWhatIsWrong(Path admin) throws Exception {
        try (var client = admin()) {
            client.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.COMMANDS),
                            List.of(set("message.timestamp.type", "CreateTime")),
                            new ConfigResource(ConfigResource.Type.GROUP, Topics.workerGroup(TASK)),
                            List.of(set("share.isolation.level", "read_uncommitted"))))
                    .all()
                    .get();
        }
        var checked = Said.by("topics", "--check", "--config", admin.toString());
        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.out())
                .contains("! Topic " + Topics.COMMANDS + " has message.timestamp.type=CreateTime")
                .contains("! Share group " + Topics.workerGroup(TASK)
                        + " has share.isolation.level=read_uncommitted, it takes read_committed")
                .contains("2 things are not as they must be");
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }
}
