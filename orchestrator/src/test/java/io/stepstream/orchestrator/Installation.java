package io.stepstream.orchestrator;

import io.stepstream.asl.execution.Limits;
import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a registry of one's own, orchestrators on them, and what a gateway and a worker would send and read. */
final class Installation implements AutoCloseable {
    static final String ROLE = "arn:aws:iam::000000000000:role/role";
    static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final TokenKeys keys;
    private final Path folder;
    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final RecordCodec codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> read = new HashSet<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private int calls;

    Installation(Path folder) throws IOException {
        this.folder = folder;
        keys = TokenKeys.loadOrCreate(folder.resolve("token-keys"));
        kafka = LocalKafka.start(folder.resolve("kafka"), 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(clients);
        Topics.create(admin, PARTITIONS, (short) 1);
        codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
        producer = new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List.of(Topics.VERDICTS, Topics.EXECUTIONS, Topics.HISTORY, Topics.DEAD_LETTERS, Topics.INTERNAL)
                .forEach(this::follow);
    }

    /** An orchestrator in this process. */
    Orchestrator orchestrator() throws Exception {
        var started = Orchestrator.start(new OrchestratorSettings(
                kafka.bootstrapServers(),
                registry.uri(),
                folder.resolve("state"),
                keys,
                "secret",
                0,
                Limits.DEFAULT,
                new Sealing(MasterKeys.loadOrCreate(folder.resolve("master-keys")), List.of("sealed-*")),
                Map.of()));
        started.awaitReady(PATIENCE);
        return started;
    }

    /** An orchestrator in a process of its own; the second on the same folder goes on where the first was killed. */
    Process process() throws Exception {
        var output = folder.resolve("process.log").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dstepstream.bootstrap.servers=" + kafka.bootstrapServers(),
                        "-Dstepstream.registry=" + registry.uri(),
                        "-Dstepstream.state.dir=" + folder.resolve("state"),
                        "-Dstepstream.token.keys=" + folder.resolve("token-keys"),
                        "-Dstepstream.api.secret=secret",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrchestratorProcess.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output))
                .start();
        await(() -> ready(process, output));
        return process;
    }

    private static boolean ready(Process process, File output) {
        try {
            var text = Files.readString(output.toPath());
            if (!process.isAlive()) {
                throw new AssertionError("the process ended: " + text);
            }
            return text.contains("ready http");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** As the gateway does: creates the tasks' topics, then sends the command. Returns the revision. */
    Verdict create(String name, String definition, String... tasks) {
        var call = sendCreate(name, definition, tasks);
        return verdict(call);
    }

    String sendCreate(String name, String definition, String... tasks) {
        for (var task : tasks) {
            Topics.createTask(admin, task, PARTITIONS, (short) 1);
            follow(Topics.taskRequests(task));
        }
        var arn = Arns.DEFAULT.stateMachine(name);
        return command(
                arn,
                new CreateStateMachine(arn, name, ROLE, "STANDARD", definition, false, "{}", false, null, Map.of()));
    }

    /** Sends a start and returns the call whose verdict tells what became of it. */
    String sendStart(String machine, String revision, String name, String input) {
        var arn = Arns.DEFAULT.execution(machine, name);
        return command(
                Arns.executionId(arn),
                new StartExecution(
                        arn,
                        name,
                        Arns.DEFAULT.stateMachine(machine),
                        revision,
                        Payloads.of(input),
                        null,
                        null,
                        false));
    }

    /** Sends a task's result as a gateway does. */
    String answer(TaskRequest request, Object body) {
        var call = "call-" + ++calls;
        send(
                Topics.TASK_RESULTS,
                request.getExecutionId(),
                TaskResult.newBuilder()
                        .setCaller(caller(call))
                        .setToken(request.getToken())
                        .setBody(body)
                        .build());
        return call;
    }

    /** Sends a command and returns the call whose verdict tells what became of it. */
    String command(String key, Object body) {
        var call = "call-" + ++calls;
        send(Topics.COMMANDS, key, new Command(caller(call), body));
        return call;
    }

    private static Caller caller(String call) {
        return Caller.newBuilder()
                .setChannel("http")
                .setReplyTo(new ReplyTo("gateway", call))
                .build();
    }

    private void send(String topic, String key, SpecificRecord record) {
        send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), codec.encode(topic, record)));
    }

    /** Appends a record and waits until it is appended. */
    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception e) {
            throw new AssertionError("cannot send", e);
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    RecordCodec codec() {
        return codec;
    }

    /** The verdict that this call gets. */
    Verdict verdict(String call) {
        return next(
                Topics.VERDICTS,
                Verdict.class,
                verdict -> verdict.getCorrelation().equals(call));
    }

    /** The request for this task by this execution. */
    TaskRequest request(String task, String executionId) {
        return next(
                Topics.taskRequests(task),
                TaskRequest.class,
                request -> request.getExecutionId().equals(executionId));
    }

    /** The status with which this execution ends. */
    ExecutionStatus end(String executionArn) {
        return next(
                Topics.EXECUTIONS,
                ExecutionStatus.class,
                status -> status.getExecutionArn().equals(executionArn)
                        && !status.getStatus().equals("RUNNING"));
    }

    /** Waits until the engine has done what every such record of its own topic asks for, of which there is one in each partition. */
    void awaitTold(Predicate<Internal> told) {
        var places = new HashMap<TopicPartition, Long>();
        await(() -> {
            poll();
            records.stream()
                    .filter(record -> record.topic().equals(Topics.INTERNAL))
                    .filter(record -> told.test(decode(record.value(), Internal.class)))
                    .forEach(record ->
                            places.put(new TopicPartition(record.topic(), record.partition()), record.offset()));
            return places.size() == PARTITIONS && isDone(places);
        });
    }

    private boolean isDone(Map<TopicPartition, Long> places) {
        try {
            var done = admin.listConsumerGroupOffsets(EngineConfig.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return places.entrySet().stream()
                    .allMatch(place -> Optional.ofNullable(done.get(place.getKey()))
                            .filter(committed -> committed.offset() > place.getValue())
                            .isPresent());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything committed so far in this topic. */
    <T extends SpecificRecord> List<T> all(String topic, Class<T> type) {
        poll();
        return records.stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> decode(record.value(), type))
                .toList();
    }

    /** The first committed record of this topic that fits, as soon as there is one. */
    <T extends SpecificRecord> T next(String topic, Class<T> type, Predicate<T> fits) {
        var found = new ArrayList<T>();
        await(() -> {
            all(topic, type).stream().filter(fits).findFirst().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    /** Waits for a condition; reading from Kafka is what passes the time. */
    void await(BooleanSupplier condition) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + PATIENCE);
            }
            poll();
        }
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(20)).forEach(records::add);
    }

    private <T extends SpecificRecord> T decode(byte[] value, Class<T> type) {
        try {
            return codec.decode(value, type);
        } catch (Undecodable e) {
            throw new AssertionError(e);
        }
    }

    private void follow(String topic) {
        for (PartitionInfo partition : consumer.partitionsFor(topic)) {
            read.add(new TopicPartition(topic, partition.partition()));
        }
        consumer.assign(read);
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
        admin.close();
        registry.close();
        kafka.close();
    }
}
