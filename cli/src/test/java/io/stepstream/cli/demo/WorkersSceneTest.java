package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example workers of docs/workers.md, each as a program of its own against one running stack. */
class WorkersSceneTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXAMPLES = ROOT.resolve("examples/workers");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static DevStack stack;
    private static GatewayClient gateway;
    private static String machine = "";

    @BeforeAll
    static void start() throws Exception {
        stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases());
        gateway = new GatewayClient(stack.gateway());
        machine = gateway.createStateMachine(
                "charge", JSON.readTree(Files.readString(EXAMPLES.resolve("charge.asl.json"))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        stack.close();
    }

    /** The first block of docs/workers.md, as a reader types it; of another task, so that no other test's worker is asked. */
    @Test
    void whatThePageTypes() throws Exception {
        Assumptions.assumeTrue(isThere("curl", "--version"), "curl is not installed");
        var place = Files.createDirectories(folder.resolve("examples/workers"));
        Files.writeString(
                place.resolve("charge.asl.json"),
                Files.readString(EXAMPLES.resolve("charge.asl.json")).replace(":::charge-card", ":::typed-card"));
        var typed = Files.readString(ROOT.resolve("docs/workers.md"))
                .split("```\\n")[1]
                .replace("localhost:8080", stack.gateway().getAuthority())
                .replace("\": \"charge\"", "\": \"typed\"")
                .replace("\\\": \\\"charge\\\"", "\\\": \\\"typed\\\"");
        var process = new ProcessBuilder("sh", "-ec", typed)
                .directory(folder.toFile())
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        try (var answers = JSON.readerFor(JsonNode.class).<JsonNode>readValues(said)) {
            var created = answers.next();
            assertThat(created.path("stateMachineArn").asText()).as(said).endsWith(":typed");
            assertThat(created.at("/warnings/0/code").asText()).as(said).isEqualTo("TASK_WITHOUT_WORKER");
            assertThat(answers.next().path("executionArn").asText()).as(said).contains(":execution:typed:");
        }
    }

    @Test
    void byCurl() throws Exception {
        Assumptions.assumeTrue(isThere("curl", "--version"), "curl is not installed");
        String execution = charge(machine, "by-curl", 5);
        run(EXAMPLES.resolve("curl.sh").toString(), stack.gateway().toString());
        assertThat(end(execution).path("output")).hasToString("{\"charged\":true,\"by\":\"curl\"}");
    }

    @Test
    void byJavaScript() throws Exception {
        Assumptions.assumeTrue(isThere("node", "--version"), "node is not installed");
        both(
                "js",
                "JavaScript",
                "node",
                EXAMPLES.resolve("worker.mjs").toString(),
                stack.gateway().toString(),
                "2");
    }

    @Test
    void byPython() throws Exception {
        Assumptions.assumeTrue(isThere("python3", "--version"), "python3 is not installed");
        both(
                "py",
                "Python",
                "python3",
                EXAMPLES.resolve("worker.py").toString(),
                stack.gateway().toString(),
                "2");
    }

    @Test
    void byTheJavaLibrary() throws Exception {
        both("java", "Java", java("ChargeWorker.java"));
    }

    @Test
    void overKafkaWithAvroAlone() throws Exception {
        both("kafka", "Kafka", java("KafkaWorker.java"));
        // Whoever cannot read a request can still fail its task.
        var partitions = List.of(
                new TopicPartition("stepstream.task-requests.charge-card", 0),
                new TopicPartition("stepstream.task-requests.charge-card", 1));
        Map<String, Object> config =
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var requests = consumer.poll(PATIENCE);
            assertThat(requests).isNotEmpty().allMatch(request -> {
                var token = request.headers().lastHeader("stepstream-task-token");
                return token != null
                        && new String(request.value(), StandardCharsets.UTF_8)
                                .contains(new String(token.value(), StandardCharsets.UTF_8));
            });
        }
    }

    @Test
    void overKafkaByPython() throws Exception {
        String python = "/usr/bin/python3";
        Assumptions.assumeTrue(
                isThere(python, "-c", "import confluent_kafka, avro.schema"),
                "confluent-kafka or avro are not installed: apt-get install python3-confluent-kafka python3-avro");
        // Another task: a classic group begins with the earliest request, done by a share group's workers or not.
        String definition = Files.readString(EXAMPLES.resolve("charge.asl.json"));
        String other = gateway.createStateMachine(
                "charge-py", JSON.readTree(definition.replace(":::charge-card", ":::charge-card-py")));
        bothOf(
                other,
                "kafka-py",
                "Python over Kafka",
                "env",
                "TASK=charge-card-py",
                python,
                EXAMPLES.resolve("kafka_worker.py").toString(),
                stack.bootstrapServers(),
                stack.registry().toString(),
                "2");
    }

    private static String[] java(String example) {
        return new String[] {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EXAMPLES.resolve(example).toString(),
            stack.bootstrapServers(),
            stack.registry().toString(),
            "2"
        };
    }

    /** Has a program do a task that succeeds and one that fails. */
    private static void both(String name, String by, String... command) throws Exception {
        bothOf(machine, name, by, command);
    }

    private static void bothOf(String stateMachine, String name, String by, String... command) throws Exception {
        String charged = charge(stateMachine, name + "-charged", 5);
        String declined = charge(stateMachine, name + "-declined", -5);
        run(command);
        assertThat(end(charged).path("output")).hasToString("{\"charged\":true,\"by\":\"" + by + "\",\"amount\":5}");
        assertThat(end(declined).path("output")).hasToString("{\"charged\":false}");
    }

    private static String charge(String stateMachine, String name, int amount) throws Exception {
        return gateway.startExecution(
                stateMachine, name, JSON.createObjectNode().put("card", "4111").put("amount", amount));
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void run(String... command) throws Exception {
        Path output = folder.resolve("stdout");
        Path errors = folder.resolve("stderr");
        var process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("ends: " + Files.readString(errors))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(said).as(Files.readString(errors)).isEqualTo("done\n");
    }

    private static JsonNode end(String execution) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode now = gateway.execution(Arns.executionId(execution));
            if (!now.path("status").asText().equals("RUNNING")) {
                assertThat(now.path("status").asText()).as(now.toString()).isEqualTo("SUCCEEDED");
                return now;
            }
        }
        throw new AssertionError("still running after " + PATIENCE);
    }
}
