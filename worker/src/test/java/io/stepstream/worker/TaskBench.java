package io.stepstream.worker;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The engine's side of tasks on a real broker: asks for them, and reads what workers write. */
final class TaskBench implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 2;

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    final RecordCodec codec;

    TaskBench(Path folder) {
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

    Worker.Builder worker(String name) {
        return Worker.builder()
                .bootstrapServers(kafka.bootstrapServers())
                .registry(registry.uri())
                .name(name);
    }

    void createTask(String name) {
        Topics.createTask(admin, name, 1, (short) 1);
    }

    /** A request as the engine makes it; the id names it in all that is read back. */
    void request(String task, String id, String input, UnaryOperator<TaskRequest.Builder> change) throws Exception {
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
        send(
                task,
                id,
                codec.encode(Topics.taskRequests(task), change.apply(request).build()));
    }

    void request(String task, String id, String input) throws Exception {
        request(task, id, input, UnaryOperator.identity());
    }

    void send(String task, String id, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(Topics.taskRequests(task), id.getBytes(StandardCharsets.UTF_8), value))
                .get();
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

    /** The results of an execution, so far; but waits until there are so many. */
    List<TaskResult> results(String id, int atLeast) {
        return read(Topics.TASK_RESULTS, 1, TaskResult.class, atLeast, record -> id.equals(text(record.key())));
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
