package io.stepstream.integrations.items;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The engine's side of a task on a real broker: asks, and waits for the answer. */
final class EngineSide implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITION = 0;

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> results;
    private final RecordCodec codec;
    private int asked;

    EngineSide(Path folder) {
        kafka = LocalKafka.start(folder, 0);
        registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, 1, (short) 1);
        }
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        results = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partition = List.of(new TopicPartition(Topics.TASK_RESULTS, PARTITION));
        results.assign(partition);
        results.seekToBeginning(partition);
        codec = new RecordCodec(new HttpSchemaRegistry(registry.uri()));
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    URI registry() {
        return registry.uri();
    }

    /** What a worker makes of a request: the body of its result. */
    Object ask(String task, String input) throws Exception {
        String token = "token-" + asked++;
        TaskRequest request = TaskRequest.newBuilder()
                .setToken(token)
                .setName(task)
                .setResource("arn:aws:states:::s3")
                .setAwaitsCallback(false)
                .setInput(Payloads.of(input))
                .setExecutionId("execution")
                .setExecutionArn("arn:aws:states:us-east-1:000000000000:execution:m:execution")
                .setStateMachineArn("arn:aws:states:us-east-1:000000000000:stateMachine:m")
                .setState("Map")
                .setPath("/")
                .setAttempt(0)
                .setIdempotencyKey(token)
                .setRequestedAt(Instant.now())
                .setResultPartition(PARTITION)
                .build();
        producer.send(new ProducerRecord<>(
                        Topics.taskRequests(task),
                        "execution".getBytes(StandardCharsets.UTF_8),
                        codec.encode(Topics.taskRequests(task), request)))
                .get();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (var record : results.poll(Duration.ofMillis(200))) {
                TaskResult result = codec.decode(record.value(), TaskResult.class);
                if (result.getToken().equals(token) && !(result.getBody() instanceof TaskHeartbeat)) {
                    return result.getBody();
                }
            }
        }
        throw new AssertionError("no result of " + task + " within " + PATIENCE);
    }

    @Override
    public void close() {
        results.close();
        producer.close();
        registry.close();
        kafka.close();
    }
}
