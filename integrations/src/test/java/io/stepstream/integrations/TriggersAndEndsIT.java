package io.stepstream.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
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
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that start executions, and executions that end, on a real broker; an HTTP server stands for the gateway. */
class TriggersAndEndsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:";

    @TempDir
    static Path folder;

    private static LocalKafka kafka;
    private static LocalRegistry registry;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;
    private static RecordCodec codec;
    private static HttpServer gateway;
    private static final BlockingQueue<String> started = new LinkedBlockingQueue<>();
    private static final AtomicInteger away = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start(folder, 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, 1, (short) 1);
        admin.createTopics(Stream.of("shop.orders", "shop.avro", "shop.texts", "shop.ends")
                        .map(topic -> new NewTopic(topic, 1, (short) 1))
                        .toList())
                .all()
                .get();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/v1/executions", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            int status = 201;
            if (away.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                status = 503;
            } else if (body.contains("\"input\":999")) {
                status = 413;
            } else {
                started.add(headers.getFirst("Idempotency-Key") + " " + headers.getFirst("Authorization") + " " + body);
            }
            var answer = "{\"type\":\"PayloadTooLarge\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
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

    private static Triggers triggers(String triggers) {
        return Triggers.start(new TriggerSettings(
                kafka.bootstrapServers(),
                registry.uri(),
                URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()),
                Optional.of("ssk_key"),
                Trigger.read(triggers.replace('\'', '"')),
                Map.of()));
    }

    private static void send(String topic, String key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    private static void send(String topic, String key, String value) throws Exception {
        send(topic, key, value.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String heard() throws InterruptedException {
        String next = started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int atLeast) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        var partition = new TopicPartition(topic, 0);
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < atLeast && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).hasSizeGreaterThanOrEqualTo(atLeast);
            return records;
        }
    }

    private static List<String> deadLetters(String topic, int atLeast) throws Exception {
        List<String> found = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (found.size() < atLeast && System.nanoTime() < deadline) {
            found.clear();
            for (var record : read(Topics.DEAD_LETTERS, 1)) {
                var letter = codec.decode(record.value(), DeadLetter.class);
                if (letter.getTopic().equals(topic)) {
                    found.add(letter.getBy() + ": " + letter.getError());
                }
            }
        }
        return found;
    }

    @Test
    void eachRecordStartsOneExecutionWhateverHappensMeanwhile() throws Exception {
        var triggers =
                "{'triggers':[{'name':'large','topic':'shop.orders','stateMachine':'order','queryLanguage':'JSONata',"
                        + "'filter':'{% $states.input.value.total > 100 %}','input':'{% $states.input.value.total %}','key':'{% $states.input.value.id %}'}]}";
        away.set(2);
        try (var running = triggers(triggers)) {
            send("shop.orders", "k", "{'id':'o-1','total':500}");
            // The gateway is away twice, and the record waits for it.
            assertThat(heard())
                    .isEqualTo(
                            "large-o-1 Bearer ssk_key {\"stateMachine\":\"order\",\"name\":\"large-o-1\",\"input\":500}");
            send("shop.orders", "k", "{'id':'o-2','total':5}");
            send("shop.orders", "k", "{'total':700}");
            send("shop.orders", "k", "no JSON");
            send("shop.orders", "k", "{'id':'o-9','total':999}");
            send("shop.orders", "k", "{'id':'o 3','total':300}");
            // A blank is in no execution's name: its hash is.
            assertThat(heard()).matches("large-[0-9a-f]{32} .*\"input\":300}");
            assertThat(deadLetters("shop.orders", 3))
                    .containsExactlyInAnyOrder(
                            "trigger large: States.QueryEvaluationError",
                            "trigger large: Stepstream.UnreadableRecord",
                            "trigger large: PayloadTooLarge");
        }
        try (var again = triggers(triggers)) {
            send("shop.orders", "k", "{'id':'o-4','total':400}");
            assertThat(heard()).startsWith("large-o-4 ");
        }
        assertThat(started).isEmpty();
    }

    @Test
    void avroAndThePlaceAsAKey() throws Exception {
        var value = Verdict.newBuilder()
                .setInstance("i")
                .setCorrelation("c")
                .setSubject("subject")
                .setAt(Instant.ofEpochMilli(7))
                .build();
        send("shop.avro", "k", codec.encode("shop.avro", value));
        try (var running =
                triggers("{'triggers':[{'name':'avro','topic':'shop.avro','format':'avro','stateMachine':'m',"
                        + "'input':{'s.$':'$.value.subject','k.$':'$.key'}}]}")) {
            assertThat(heard())
                    .startsWith(
                            "avro-shop.avro-0-0 Bearer ssk_key {\"stateMachine\":\"m\",\"name\":\"avro-shop.avro-0-0\"")
                    .contains("\"s\":\"subject\"", "\"k\":\"k\"");
        }
    }

    @Test
    void aTextIsFilteredAndMappedAsItIs() throws Exception {
        send("shop.texts", "k", "not for us");
        send("shop.texts", "k", "order 7");
        try (var running = triggers(
                "{'triggers':[{'name':'text','topic':'shop.texts','format':'string','stateMachine':'m',"
                        + "'filter':{'Variable':'$.value','StringMatches':'order *'},'input':{'said.$':'$.value'}}]}")) {
            assertThat(heard())
                    .isEqualTo("text-shop.texts-0-1 Bearer ssk_key {\"stateMachine\":\"m\","
                            + "\"name\":\"text-shop.texts-0-1\",\"input\":{\"said\":\"order 7\"}}");
        }
    }

    private static void machine(String name, Map<String, String> tags) throws Exception {
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
                .setTags(tags)
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

    @Test
    void endsGoOnceIntoTheTopicThatTheirStateMachineNames() throws Exception {
        machine("told", Map.of("stepstream:executions-topic", "shop.ends"));
        machine("untold", Map.of("team", "shop"));
        machine("mistaken", Map.of("stepstream:executions-topic", "shop.nowhere"));
        machine("greedy", Map.of("stepstream:executions-topic", "stepstream.commands"));
        status("told", "e-1", "RUNNING");
        status("told", "e-1", "SUCCEEDED");
        status("untold", "e-2", "SUCCEEDED");
        status("mistaken", "e-3", "FAILED");
        status("greedy", "e-4", "SUCCEEDED");
        var settings = new EndSettings(kafka.bootstrapServers(), registry.uri(), Map.of());
        try (var forwarder = EndForwarder.start(settings)) {
            read("shop.ends", 1);
            assertThat(deadLetters(Topics.EXECUTIONS, 2))
                    .containsExactly(
                            "ends: Stepstream.ExecutionsTopicMissing", "ends: Stepstream.ExecutionsTopicMissing");
        }
        machine("untold", Map.of("stepstream:executions-topic", "shop.ends"));
        status("untold", "e-5", "TIMED_OUT");
        try (var again = EndForwarder.start(settings)) {
            List<String> told = new ArrayList<>();
            for (var record : read("shop.ends", 2)) {
                var end = codec.decode(record.value(), ExecutionStatus.class);
                told.add(new String(record.key(), StandardCharsets.UTF_8) + " " + end.getStatus());
            }
            assertThat(told).containsExactly("e-1 SUCCEEDED", "e-5 TIMED_OUT");
        }
        int subject =
                new HttpSchemaRegistry(registry.uri()).register("shop.ends-value", ExecutionStatus.getClassSchema());
        assertThat(subject).isPositive();
    }
}
