package io.stepstream.load.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What goes between clients, workers and the engine over Kafka: one producer, and one thread that reads what is committed. */
final class Traffic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Caller CALLER = Caller.newBuilder().setChannel("kafka").build();

    /** Called by the thread that reads. */
    interface Listener {
        void requested(String executionId, TaskRequest request, int partition);

        void status(String executionId, String status);

        /** Something broke; nothing more is read. */
        void failed(Throwable failure);
    }

    private final Plan plan;
    private final RecordCodec codec;
    private final Listener listener;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread reader;
    private final Map<String, CompletableFuture<Verdict>> created = new ConcurrentHashMap<>();

    Traffic(Plan plan, Listener listener) {
        this.plan = plan;
        this.listener = listener;
        codec = new RecordCodec(new HttpSchemaRegistry(URI.create(plan.registry())));
        Map<String, Object> clients = Map.of("bootstrap.servers", plan.bootstrapServers());
        try (var admin = Admin.create(clients)) {
            Topics.createTask(admin, Script.TASK, plan.partitions(), (short) 1);
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", plan.bootstrapServers(), "acks", "all", "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", plan.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "5000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(Topics.taskRequests(Script.TASK), Topics.EXECUTIONS, Topics.VERDICTS).stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        reader = Thread.ofPlatform().name("reader").daemon().start(this::read);
    }

    /** Creates the state machine, and returns its revision. */
    String deploy(Script script) throws Exception {
        if (plan.target() == Plan.Target.CEILING) {
            // As long as a revision.
            return "0".repeat(32);
        }
        var answer = new CompletableFuture<Verdict>();
        created.put(script.machine(), answer);
        var caller = Caller.newBuilder()
                .setChannel("kafka")
                .setReplyTo(new ReplyTo("bench", script.machine()))
                .build();
        var create = CreateStateMachine.newBuilder()
                .setStateMachineArn(script.arn())
                .setName(script.machine())
                .setRoleArn("arn:aws:iam::000000000000:role/bench")
                .setType("STANDARD")
                .setDefinition(script.definition())
                .build();
        send(Topics.COMMANDS, script.arn().getBytes(UTF_8), null, new Command(caller, create));
        var verdict = answer.get(60, TimeUnit.SECONDS);
        if (verdict.getRefusal() != null) {
            throw new IllegalStateException("the engine refuses the state machine: " + verdict.getMessage());
        }
        return String.valueOf(verdict.getRevision());
    }

    /** Starts an execution. */
    void start(Script script, String revision, String name, String input) {
        var arn = Arns.DEFAULT.execution(script.machine(), name);
        var start = StartExecution.newBuilder()
                .setExecutionArn(arn)
                .setName(name)
                .setStateMachineArn(script.arn())
                .setRevision(revision)
                .setInput(Payloads.of(input))
                .build();
        send(Topics.COMMANDS, Arns.executionId(arn).getBytes(UTF_8), null, new Command(CALLER, start));
    }

    /** Answers a request as a worker does: with its input. */
    void answer(String executionId, TaskRequest request, int partition) {
        send(
                Topics.TASK_RESULTS,
                executionId.getBytes(UTF_8),
                partition,
                TaskResult.newBuilder()
                        .setCaller(CALLER)
                        .setToken(request.getToken())
                        .setBody(new TaskSucceeded(request.getInput()))
                        .build());
    }

    private void send(String topic, byte[] key, @Nullable Integer partition, SpecificRecord value) {
        producer.send(new ProducerRecord<>(topic, partition, key, codec.encode(topic, value)), (metadata, error) -> {
            if (error != null) {
                listener.failed(error);
            }
        });
    }

    private void read() {
        try {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
        } catch (WakeupException e) {
            consumer.close();
        } catch (Undecodable | RuntimeException e) {
            listener.failed(e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        var key = new String(record.key(), UTF_8);
        switch (record.topic()) {
            case Topics.EXECUTIONS ->
                listener.status(
                        key, codec.decode(record.value(), ExecutionStatus.class).getStatus());
            case Topics.VERDICTS -> {
                // Those that a gateway waits for come by here too.
                if (!created.isEmpty()) {
                    created(codec.decode(record.value(), Verdict.class));
                }
            }
            // The ceiling's request is another execution's: only the record says whose it is.
            default ->
                listener.requested(
                        key,
                        codec.decode(record.value(), TaskRequest.class),
                        Topics.partitionOf(key, plan.partitions()));
        }
    }

    private void created(Verdict verdict) {
        var waiting = created.remove(verdict.getCorrelation());
        if (waiting != null) {
            waiting.complete(verdict);
        }
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        reader.join(5000);
        producer.close(Duration.ofSeconds(5));
    }
}
