package io.stepstream.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.cli.Said;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.cli.serve.ConfigOption;
import io.stepstream.integrations.ends.EndForwarder;
import io.stepstream.integrations.ends.EndSettings;
import io.stepstream.integrations.trigger.Trigger;
import io.stepstream.integrations.trigger.TriggerSettings;
import io.stepstream.integrations.trigger.Triggers;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.Worker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What triggers, ends and workers give up, and what an operator does about it; on a real broker, an HTTP server stands for the gateway. */
class DeadLettersSceneTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static LocalKafka kafka;
    private static LocalRegistry registry;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;
    private static RecordCodec codec;
    private static HttpServer gateway;
    private static Path config = Path.of("");
    private static final BlockingQueue<String> started = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start(folder.resolve("kafka"), 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, 1, (short) 1);
        Topics.createTask(admin, "mail", 1, (short) 1);
        topics("shop.orders", "shop.returns");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
        config = Files.writeString(
                folder.resolve("stepstream.properties"),
                "stepstream.bootstrap.servers=" + kafka.bootstrapServers() + "\nstepstream.registry=" + registry.uri()
                        + "\n");
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/v1/executions", exchange -> {
            started.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(201, 2);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
            exchange.close();
        });
        gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.stop(0);
        producer.close();
        admin.close();
        registry.close();
        kafka.close();
    }

    // --- what an operator says, and is told ---

    private static Said deadLetters(String... arguments) {
        var all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--config", config.toString()));
        return Said.by(all.toArray(String[]::new));
    }

    /** The letters of a topic, once there are so many. */
    private static List<JsonNode> letters(String topic, int atLeast) throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            var said = deadLetters("list", "--topic", topic, "--json");
            assertThat(said.status()).as(said.err()).isZero();
            var letters = new ArrayList<JsonNode>();
            for (var line : said.out().lines().toList()) {
                letters.add(JSON.readTree(line));
            }
            if (letters.size() >= atLeast) {
                return letters;
            }
        }
        throw new AssertionError("fewer than " + atLeast + " dead letters of " + topic);
    }

    private static String number(JsonNode letter) {
        return letter.path("letter").asText();
    }

    @Test
    void aRecordStartsItsExecutionOnceTheTriggerIsMended() throws Exception {
        try (var broken = triggers("orders", "shop.orders", "$states.input.value.nothing")) {
            send("shop.orders", "k", "{\"id\":\"o-1\"}", "source", "web");
            send("shop.orders", "k", "{\"id\":\"o-2\"}", "source", "app");
            letters("shop.orders", 2);
        }
        // A trigger looks at the records of a poll at once, so they are given up in any order.
        var letters = letters("shop.orders", 2).stream()
                .sorted(Comparator.comparing(it -> it.path("offset").asInt()))
                .toList();
        assertThat(letters)
                .extracting(it -> it.path("by").asText() + " "
                        + it.path("error").asText() + " " + it.path("offset").asInt())
                .containsExactly(
                        "trigger orders States.QueryEvaluationError 0", "trigger orders States.QueryEvaluationError 1");
        var shown = deadLetters("show", number(letters.getFirst()));
        assertThat(shown.out())
                .contains("record       shop.orders-0@0")
                .contains("by trigger orders")
                .contains("sent again   no")
                .contains("is there     yes")
                .contains("value        {\"id\":\"o-1\"}");

        try (var mended = triggers("orders", "shop.orders", "$states.input.headers.source")) {
            var sent = deadLetters("resend", number(letters.getFirst()), "--as", "amira");
            assertThat(sent.out())
                    .isEqualTo(number(letters.getFirst())
                            + ": sent to shop.orders\n1 sent, 0 not\n".replace("\n", System.lineSeparator()));
            assertThat(sent.status()).isZero();
            assertThat(heard()).contains("\"name\":\"orders-shop.orders-0-2\"").contains("\"input\":\"web\"");

            var twice = deadLetters("resend", number(letters.getFirst()));
            assertThat(twice.status()).isEqualTo(1);
            assertThat(twice.out()).contains("it was sent to shop.orders by amira at ");
            assertThat(deadLetters("list", "--topic", "shop.orders", "--unsent").out())
                    .contains("shop.orders-0@1")
                    .doesNotContain("shop.orders-0@0");

            var rest = deadLetters("resend", "--by", "trigger orders");
            assertThat(rest.out()).contains("1 sent, 0 not");
            assertThat(heard()).contains("\"input\":\"app\"");
        }
        assertThat(started).isEmpty();
        assertThat(read("shop.orders", 4))
                .extracting(DeadLettersSceneTest::mark)
                .containsExactly("", "", number(letters.getFirst()), number(letters.getLast()));
    }

    @Test
    void aRecordThatIsGoneFromItsTopicIsSentOutOfItsLetter() throws Exception {
        try (var broken = triggers("returns", "shop.returns", "$states.input.value.nothing")) {
            send("shop.returns", "k", "{\"id\":\"r-1\"}", "source", "web");
            letters("shop.returns", 1);
        }
        var letter = number(letters("shop.returns", 1).getFirst());
        admin.deleteRecords(Map.of(new TopicPartition("shop.returns", 0), RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        assertThat(deadLetters("show", letter).out()).contains("is there     no, 12 bytes of its value are kept here");
        assertThat(deadLetters("resend", letter).out()).contains("1 sent, 0 not");
        var again = read("shop.returns", 1).getFirst();
        assertThat(new String(again.value(), UTF_8)).isEqualTo("{\"id\":\"r-1\"}");
        assertThat(new String(again.key(), UTF_8)).isEqualTo("k");
        assertThat(new String(again.headers().lastHeader("source").value(), UTF_8))
                .isEqualTo("web");
    }

    @Test
    void anEndIsToldOnceItsTopicIsThere() throws Exception {
        machine("told", "shop.ends");
        status("told", "e-1", "SUCCEEDED");
        try (var forwarder = EndForwarder.start(new EndSettings(kafka.bootstrapServers(), registry.uri(), Map.of()))) {
            letters(Topics.EXECUTIONS, 1);
        }
        var letter = number(letters(Topics.EXECUTIONS, 1).getFirst());
        assertThat(deadLetters("show", letter).out()).contains(":execution:told:e-1 SUCCEEDED");
        var early = deadLetters("resend", letter);
        assertThat(early.status()).isEqualTo(1);
        assertThat(early.out()).contains("! " + letter + ": there is no topic shop.ends");
        topics("shop.ends");
        assertThat(deadLetters("resend", letter).out()).contains(letter + ": sent to shop.ends");
        var told = codec.decode(read("shop.ends", 1).getFirst().value(), ExecutionStatus.class);
        assertThat(told.getExecutionArn()).endsWith(":told:e-1");
        // Where it was, it would hide what has become of the execution since.
        assertThat(read(Topics.EXECUTIONS, 1)).hasSize(1);
    }

    @Test
    void aRequestWhoseTaskHasFailedIsSentOnlyForWhatItsHandlerDoesOutside() throws Exception {
        var asked = new LinkedBlockingQueue<String>();
        try (var worker = Worker.builder()
                .bootstrapServers(kafka.bootstrapServers())
                .registry(registry.uri())
                .name("mailer")
                .task("mail", JsonNode.class, (input, task) -> {
                    asked.add(task.idempotencyKey());
                    throw new PoisonousRequest("NoAddress", "nobody@ is none");
                })
                .start()) {
            request();
            assertThat(asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("once");
            var letter = number(letters(Topics.taskRequests("mail"), 1).getFirst());
            assertThat(deadLetters("show", letter).out())
                    .contains("task         mail, asked for by state Mail of arn:x:execution")
                    .contains("redrive the execution")
                    .doesNotContain("secret-token");
            var refused = deadLetters("resend", "--by", "mailer");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.out())
                    .contains("! " + letter + ": its task has failed")
                    .contains("0 sent, 1 not");
            assertThat(asked).isEmpty();
            assertThat(deadLetters("resend", letter, "--failed-tasks").out()).contains("1 sent, 0 not");
            assertThat(asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("once");
        }
    }

    @Test
    void whoeverBeginsLaterFencesWhoeverHasBegun() throws Exception {
        topics("shop.races");
        try (var broken = triggers("races", "shop.races", "$states.input.value.nothing")) {
            send("shop.races", "k", "{}", "source", "web");
            letters("shop.races", 1);
        }
        var option = CommandLine.populateCommand(new ConfigOption(), "--config", config.toString());
        try (var installation = Installation.of(option);
                var first = Resending.begin(installation, "first")) {
            var letter = first.letters(
                            Optional.empty(), it -> it.record().getTopic().equals("shop.races"))
                    .getFirst();
            try (var second = Resending.begin(installation, "second")) {
                assertThatThrownBy(() -> first.send(letter))
                        .isInstanceOf(Trouble.class)
                        .hasMessageContaining("somebody else sends dead letters again");
                assertThat(second.send(letter)).isEqualTo(new Resending.Outcome.Sent("shop.races"));
            }
        }
        assertThat(read("shop.races", 2)).extracting(DeadLettersSceneTest::mark).hasSize(2);
        assertThat(deadLetters("list", "--topic", "shop.races").out()).contains(" by second");
    }

    @Test
    void wrongUseIsToldInOneLine() {
        assertThat(deadLetters("resend").err()).startsWith("stepstream: give the numbers of letters");
        assertThat(deadLetters("resend", "1", "--by", "x").status()).isEqualTo(2);
        assertThat(deadLetters("list", "--from", "yesterday").err()).contains("--from yesterday is no time");
        assertThat(deadLetters("list", "--limit", "0").status()).isEqualTo(2);
        assertThat(deadLetters("show", "987654").err()).isEqualTo("stepstream: there is no dead letter 987654");
        assertThat(deadLetters("resend", "987654").out()).contains("! 987654: there is no such dead letter");
    }

    // --- the installation ---

    private static void topics(String... names) throws Exception {
        admin.createTopics(Stream.of(names)
                        .map(topic -> new NewTopic(topic, 1, (short) 1))
                        .toList())
                .all()
                .get();
    }

    private static Triggers triggers(String name, String topic, String input) {
        var text = "{\"triggers\":[{\"name\":\"" + name + "\",\"topic\":\"" + topic
                + "\",\"stateMachine\":\"order\",\"queryLanguage\":\"JSONata\",\"input\":\"{% " + input + " %}\"}]}";
        return Triggers.start(new TriggerSettings(
                kafka.bootstrapServers(),
                registry.uri(),
                URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()),
                Optional.empty(),
                Trigger.read(text),
                Map.of()));
    }

    private static String heard() throws InterruptedException {
        var next = started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private static void send(String topic, String key, String value, String header, String content) throws Exception {
        var record = new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8));
        record.headers().add(header, content.getBytes(UTF_8));
        producer.send(record).get();
    }

    private static void send(String topic, String key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)).get();
    }

    private static String mark(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader("stepstream-dead-letter");
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    /** The records of a topic, once there are so many. */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int atLeast) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var partition = new TopicPartition(topic, 0);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < atLeast && System.nanoTime() < until) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).hasSizeGreaterThanOrEqualTo(atLeast);
            return records;
        }
    }

    private static void request() throws Exception {
        var request = TaskRequest.newBuilder()
                .setToken("secret-token")
                .setName("mail")
                .setResource("arn:stepstream:kafka:::mail")
                .setAwaitsCallback(false)
                .setInput(Payloads.of("{}"))
                .setExecutionId("e")
                .setExecutionArn("arn:x:execution")
                .setStateMachineArn("arn:x:machine")
                .setState("Mail")
                .setPath("/")
                .setAttempt(0)
                .setIdempotencyKey("once")
                .setRequestedAt(Instant.EPOCH)
                .setResultPartition(0)
                .build();
        send(Topics.taskRequests("mail"), "e", codec.encode(Topics.taskRequests("mail"), request));
    }

    private static void machine(String name, String endsTopic) throws Exception {
        var machine = StateMachineResource.newBuilder()
                .setStateMachineArn(ARN + name)
                .setName(name)
                .setType("STANDARD")
                .setStatus("ACTIVE")
                .setRevision("r")
                .setRevisions(1)
                .setDefinitionHash("h")
                .setRoleArn("role")
                .setCreatedAt(Instant.EPOCH)
                .setNextVersion(1)
                .setVersions(List.of())
                .setAliases(List.of())
                .setTags(Map.of("stepstream:executions-topic", endsTopic))
                .setSequence(1)
                .build();
        send(Topics.DEFINITIONS, "resource " + ARN + name, codec.encode(Topics.DEFINITIONS, new Definition(machine)));
    }

    private static void status(String machine, String execution, String status) throws Exception {
        var record = ExecutionStatus.newBuilder()
                .setExecutionArn("arn:aws:states:us-east-1:000000000000:execution:" + machine + ":" + execution)
                .setName(execution)
                .setStateMachineArn(ARN + machine)
                .setRevision("r")
                .setStatus(status)
                .setStartDate(Instant.EPOCH)
                .setOutput(Payloads.of("1"))
                .setStep(1)
                .build();
        send(Topics.EXECUTIONS, execution, codec.encode(Topics.EXECUTIONS, record));
    }
}
