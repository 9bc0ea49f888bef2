package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The engine's side of tasks on a real broker: asks for them, and reads what workers write. */
final class TaskBench implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 2;

    /** The trace that every request is made in. */
    static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Path folder;
    private LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    final RecordCodec codec;

    TaskBench(Path folder) {
        this.folder = folder;
        kafka = LocalKafka.start(folder, 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, PARTITIONS, (short) 1);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
    }

    /** A bench whose broker has no share groups, as older ones have none. */
    static TaskBench withoutShareGroups(Path folder) throws Exception {
        var bench = new TaskBench(folder);
        var off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE);
        bench.admin.updateFeatures(Map.of("share.version", off)).all().get();
        return bench;
    }

    /** Stops the broker; what is in it stays. */
    void stopBroker() {
        kafka.close();
    }

    /** Starts it again, where it was. */
    void startBroker() {
        var port = kafka.bootstrapServers().substring(kafka.bootstrapServers().indexOf(':') + 1);
        kafka = LocalKafka.start(folder, Integer.parseInt(port));
    }

    /** Asks the broker that is away for something for so long. */
    void askInVain(Duration time) throws InterruptedException {
        var options = new DescribeClusterOptions().timeoutMs((int) time.toMillis());
        try {
            var nodes = admin.describeCluster(options).nodes().get();
            throw new AssertionError("there are brokers: " + nodes);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw new AssertionError(e);
            }
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    URI registry() {
        return registry.uri();
    }

    Worker.Builder worker(String name) {
        return Worker.builder()
                .bootstrapServers(kafka.bootstrapServers())
                .registry(registry.uri())
                .name(name);
    }

    void createTask(String name) {
        Topics.createTask(admin, name, 1, (short) 1);
    }

    /** Has requests locked only so long, unless their workers renew the locks. */
    void lock(String task, Duration time) throws Exception {
        var group = new ConfigResource(ConfigResource.Type.GROUP, Topics.workerGroup(task));
        var shorter = new AlterConfigOp(
                new ConfigEntry("share.record.lock.duration.ms", Long.toString(time.toMillis())),
                AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(group, List.of(shorter))).all().get();
    }

    /** A request as the engine makes it; the id names it in all that is read back. */
    void request(String task, String id, String input, UnaryOperator<TaskRequest.Builder> change) throws Exception {
        send(task, id, encoded(task, id, input, change), Map.of("traceparent", TRACEPARENT));
    }

    private byte[] encoded(String task, String id, String input, UnaryOperator<TaskRequest.Builder> change) {
        var request = TaskRequest.newBuilder()
                .setToken("token-of-" + id)
                .setName(task)
                .setResource("arn:aws:states:::lambda:invoke")
                .setAwaitsCallback(false)
                .setInput(Payloads.of(input))
                .setExecutionId(id)
                .setExecutionArn("arn:aws:states:us-east-1:000000000000:execution:m:" + id)
                .setStateMachineArn("arn:aws:states:us-east-1:000000000000:stateMachine:m")
                .setState("S")
                .setPath("/")
                .setAttempt(0)
                .setIdempotencyKey(id + "-key")
                .setRequestedAt(Instant.now())
                .setResultPartition(1);
        return codec.encode(Topics.taskRequests(task), change.apply(request).build());
    }

    void request(String task, String id, String input) throws Exception {
        request(task, id, input, UnaryOperator.identity());
    }

    void send(String task, String id, byte[] value, Map<String, String> headers) throws Exception {
        producer.send(requestRecord(task, id, value, headers)).get();
    }

    private static ProducerRecord<byte[], byte[]> requestRecord(
            String task, String id, byte[] value, Map<String, String> headers) {
        var record = new ProducerRecord<>(Topics.taskRequests(task), id.getBytes(StandardCharsets.UTF_8), value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** A request that reaches the log in a transaction which is then aborted, as a step's that was interrupted. */
    void requestInVain(String task, String id, String input) throws Exception {
        try (var aborting = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "aborts-" + id),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            aborting.initTransactions();
            aborting.beginTransaction();
            aborting.send(requestRecord(task, id, encoded(task, id, input, UnaryOperator.identity()), Map.of()))
                    .get();
            aborting.abortTransaction();
        }
    }

    /** Takes the next request of a task so many times and never finishes it, as a worker does that dies each time. */
    void takeAndDie(String task, int times) {
        for (int i = 0; i < times; i++) {
            Map<String, Object> config = Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(),
                    "group.id", Topics.workerGroup(task),
                    "share.acknowledgement.mode", "explicit");
            try (var consumer =
                    new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(Topics.taskRequests(task)));
                var records = consumer.poll(PATIENCE);
                records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.RELEASE));
            }
        }
    }

    /** Takes the next request of a task and says nothing more, as a worker whose machine is gone; close it when all is over. */
    AutoCloseable takeAndHang(String task) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", Topics.workerGroup(task),
                "share.acknowledgement.mode", "explicit");
        var consumer = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(Topics.taskRequests(task)));
        if (consumer.poll(PATIENCE).isEmpty()) {
            throw new AssertionError("no request of " + task);
        }
        return consumer;
    }

    /** The results of an execution, so far; but waits until there are so many. */
    List<TaskResult> results(String id, int atLeast) {
        return read(Topics.TASK_RESULTS, 1, TaskResult.class, atLeast, record -> id.equals(text(record.key())));
    }

    /** The trace context of the results of an execution, wherever they are. */
    List<String> traces(String id, int atLeast) {
        List<String> traces = new ArrayList<>();
        read(Topics.TASK_RESULTS, -1, TaskResult.class, atLeast, record -> {
            boolean wanted = id.equals(text(record.key()));
            if (wanted) {
                traces.add(text(record.headers().lastHeader("traceparent").value()));
            }
            return wanted;
        });
        return traces;
    }

    /** The results of an execution in the partition of its key. */
    List<TaskResult> resultsByKey(String id) {
        return read(
                Topics.TASK_RESULTS,
                Topics.partitionOf(id, PARTITIONS),
                TaskResult.class,
                1,
                record -> id.equals(text(record.key())));
    }

    List<DeadLetter> deadLetters(String id, int atLeast) {
        return read(Topics.DEAD_LETTERS, -1, DeadLetter.class, atLeast, record -> id.equals(text(record.key())));
    }

    private <T extends SpecificRecord> List<T> read(
            String topic, int partition, Class<T> type, int atLeast, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        List<T> found = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .filter(info -> partition < 0 || info.partition() == partition)
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (found.size() < atLeast
                    || partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("only " + found + " in " + topic + " after " + PATIENCE);
                }
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    if (wanted.test(record)) {
                        found.add(codec.decode(record.value(), type));
                    }
                }
            }
            return found;
        } catch (Undecodable e) {
            throw new AssertionError(e);
        }
    }

    /** The one result: its output, or its error and cause. */
    static String only(List<TaskResult> results) {
        assertThat(results).hasSize(1);
        return switch (results.getFirst().getBody()) {
            case TaskSucceeded success -> Payloads.json(success.getOutput());
            case TaskFailed failure -> failure.getError() + ": " + failure.getCause();
            case Object other -> other.toString();
        };
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        producer.close();
        admin.close();
        registry.close();
        kafka.close();
    }
}
