package io.stepstream.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.schemas.Arns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dev mode with all its built-in workers: a record starts an execution, which calls HTTP and sends a message, and whose end is told. */
class BuiltInWorkersSceneTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void fromARecordOfATopicToTheTopicOfEnds() throws Exception {
        var shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/price", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 11);
            exchange.getResponseBody().write("{\"price\":7}".getBytes(UTF_8));
            exchange.close();
        });
        shop.start();
        var address = "http://127.0.0.1:" + shop.getAddress().getPort();
        try (var stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases());
                var gateway = new GatewayClient(stack.gateway())) {
            topics(stack, "shop.orders", "shop.bills", "shop.ends");
            assertThat(stack.serveIntegrations(settings(address), Map.of()))
                    .containsExactly("ends", "http", "publish", "triggers");
            var machine = gateway.createStateMachine("order", definition(address));
            tag(stack, machine, "stepstream:executions-topic", "shop.ends");

            send(stack, "shop.orders", "{\"id\":\"o-1\"}");
            var end = first(stack, "shop.ends");
            var execution = machine.replace(":stateMachine:", ":execution:") + ":orders-o-1";
            assertThat(new String(end.value(), UTF_8))
                    .as("%s", gateway.history(Arns.executionId(execution), 0))
                    .contains(execution)
                    .contains("SUCCEEDED");
            assertThat(value(first(stack, "shop.bills"))).isEqualTo("o-1 costs 7");
        } finally {
            shop.stop(0);
        }
    }

    @Test
    void whatTheirSettingsLackIsTold() throws Exception {
        var settings = new Properties();
        settings.setProperty(
                "stepstream.trigger.file", folder.resolve("none.json").toString());
        try (var stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases())) {
            assertThatThrownBy(() -> stack.serveIntegrations(settings, Map.of()))
                    .isInstanceOf(Trouble.class)
                    .hasMessageContaining("the built-in workers cannot start: stepstream.trigger.file names");
        }
    }

    private Properties settings(String shop) throws Exception {
        var triggers = Files.writeString(folder.resolve("triggers.json"), """
                {"triggers": [{"name": "orders", "topic": "shop.orders", "stateMachine": "order", "key": "$.value.id"}]}
                """);
        var settings = new Properties();
        settings.setProperty("stepstream.http.allow.private", shop);
        settings.setProperty("stepstream.publish.topics", "bills=shop.bills");
        settings.setProperty("stepstream.trigger.file", triggers.toString());
        return settings;
    }

    private static JsonNode definition(String shop) throws Exception {
        return JSON.readTree("""
                {"QueryLanguage": "JSONata", "StartAt": "Price", "States": {
                  "Price": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "TimeoutSeconds": 60, "Next": "Bill",
                    "Arguments": {"ApiEndpoint": "%s/price", "Method": "GET"},
                    "Output": {"id": "{%% $states.input.id %%}", "price": "{%% $states.result.ResponseBody.price %%}"}},
                  "Bill": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 60, "End": true,
                    "Arguments": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/bills",
                      "MessageBody": "{%% $states.input.id & ' costs ' & $string($states.input.price) %%}"}}}}
                """.formatted(shop));
    }

    private static void topics(DevStack stack, String... names) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(Stream.of(names)
                            .map(topic -> new NewTopic(topic, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private static void tag(DevStack stack, String machine, String key, String value) throws Exception {
        var body = Map.of("resourceArn", machine, "tags", List.of(Map.of("key", key, "value", value)));
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(stack.gateway() + "/"))
                            .header("X-Amz-Target", "AWSStepFunctions.TagResource")
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private static void send(DevStack stack, String topic, String value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", stack.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
        }
    }

    /** The first record of a topic, once there is one. */
    private static ConsumerRecord<byte[], byte[]> first(DevStack stack, String topic) {
        var partition = new TopicPartition(topic, 0);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < until) {
                var records = consumer.poll(Duration.ofSeconds(1)).records(partition);
                if (!records.isEmpty()) {
                    return records.getFirst();
                }
            }
            throw new AssertionError("nothing in " + topic + " after " + PATIENCE);
        }
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }
}
