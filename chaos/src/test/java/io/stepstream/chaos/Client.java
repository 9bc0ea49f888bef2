package io.stepstream.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.chaos.fault.Installation;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One who starts executions of one state machine and answers their tasks, in the order that a test wants; used by one thread. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String bootstrapServers;
    private final String machine;
    private final RecordCodec codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TaskRequest> requests = new ArrayList<>();
    private final Map<String, String> ends = new HashMap<>();
    private final Map<String, Instant> endTimes = new HashMap<>();
    private final Map<String, String> verdicts = new HashMap<>();
    private int began;
    private Optional<String> revision = Optional.empty();
    private int calls;

    /** Makes the tasks' topics. */
    Client(Installation installation, String machine, List<String> tasks) {
        this.machine = machine;
        bootstrapServers = installation.bootstrapServers();
        Map<String, Object> clients = Map.of("bootstrap.servers", installation.bootstrapServers());
        try (var admin = Admin.create(clients)) {
            tasks.forEach(task -> Topics.createTask(admin, task, 2, installation.replication()));
        }
        codec = new RecordCodec(new HttpSchemaRegistry(installation.registry()));
        producer = new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = consumer("read_committed");
        consumer.assign(
                Stream.concat(tasks.stream().map(Topics::taskRequests), Stream.of(Topics.EXECUTIONS, Topics.VERDICTS))
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", isolation,
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    String create(String definition) {
        var arn = Arns.DEFAULT.stateMachine(machine);
        var create = CreateStateMachine.newBuilder()
                .setStateMachineArn(arn)
                .setName(machine)
                .setRoleArn("arn:aws:iam::000000000000:role/r")
                .setType("STANDARD")
                .setDefinition(definition)
                .build();
        send(Topics.COMMANDS, arn, new Command(caller("create"), create));
        await(() -> revision.isPresent());
        return revision.orElseThrow();
    }

    void start(String revision, String name) {
        var arn = Arns.DEFAULT.execution(machine, name);
        var start = StartExecution.newBuilder()
                .setExecutionArn(arn)
                .setName(name)
                .setStateMachineArn(Arns.DEFAULT.stateMachine(machine))
                .setRevision(revision)
                .setInput(Payloads.of("{}"))
                .build();
        send(
                Topics.COMMANDS,
                Arns.executionId(arn),
                new Command(Caller.newBuilder().setChannel("kafka").build(), start));
    }

    void answer(TaskRequest request) {
        send(
                Topics.TASK_RESULTS,
                request.getExecutionId(),
                TaskResult.newBuilder()
                        .setCaller(caller("answer " + ++calls))
                        .setToken(request.getToken())
                        .setBody(new TaskSucceeded(Payloads.of("{}")))
                        .build());
    }

    /** Returns when all that was sent is appended. */
    void flush() {
        producer.flush();
    }

    List<TaskRequest> requests(int count) {
        await(() -> requests.size() >= count);
        return List.copyOf(requests);
    }

    /** Returns when so many executions have been started. */
    void started(int count) {
        await(() -> began >= count);
    }

    /** How executions ended, by their ids, when so many have. */
    Map<String, String> ends(int count) {
        await(() -> ends.size() >= count);
        return Map.copyOf(ends);
    }

    /** When they ended, as their records tell. */
    List<Instant> endTimes() {
        return List.copyOf(endTimes.values());
    }

    /** What the engine said to answers, when it has said so many things. */
    Map<String, String> verdicts(int count) {
        await(() -> verdicts.size() >= count);
        return Map.copyOf(verdicts);
    }

    /** How many steps were made and taken back, because their transaction was aborted. */
    long abortedSteps() {
        return steps("read_uncommitted") - steps("read_committed");
    }

    private long steps(String isolation) {
        try (var history = consumer(isolation)) {
            var partitions = history.partitionsFor(Topics.HISTORY).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            history.assign(partitions);
            var ends = history.endOffsets(partitions);
            var steps = 0L;
            while (partitions.stream().anyMatch(at -> history.position(at) < ends.getOrDefault(at, 0L))) {
                steps += history.poll(Duration.ofSeconds(1)).count();
            }
            return steps;
        }
    }

    /** Waits until the clock has passed this time; reading from Kafka is what passes it. */
    void passTimeUntil(Instant time) {
        await(() -> Instant.now().isAfter(time));
    }

    private void await(BooleanSupplier condition) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + PATIENCE + ": " + requests.size() + " requests, " + ends.size()
                        + " ends, " + verdicts.size() + " verdicts");
            }
            consumer.poll(Duration.ofMillis(50)).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        switch (record.topic()) {
            case Topics.EXECUTIONS -> {
                var status = decode(record, ExecutionStatus.class);
                if (!status.getStateMachineArn().equals(Arns.DEFAULT.stateMachine(machine))) {
                    return;
                }
                if (status.getStopDate() == null) {
                    began++;
                } else {
                    ends.put(new String(record.key(), UTF_8), status.getStatus());
                    endTimes.put(new String(record.key(), UTF_8), status.getStopDate());
                }
            }
            case Topics.VERDICTS -> {
                var verdict = decode(record, Verdict.class);
                if (!verdict.getInstance().equals(machine)) {
                    return;
                }
                if (verdict.getRevision() != null) {
                    revision = Optional.of(verdict.getRevision());
                } else {
                    verdicts.put(
                            verdict.getCorrelation(), verdict.getRefusal() == null ? "accepted" : verdict.getRefusal());
                }
            }
            default -> requests.add(decode(record, TaskRequest.class));
        }
    }

    private <T extends SpecificRecord> T decode(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
        try {
            return codec.decode(record.value(), type);
        } catch (Undecodable e) {
            throw new AssertionError(e);
        }
    }

    private Caller caller(String call) {
        return Caller.newBuilder()
                .setChannel("kafka")
                .setReplyTo(new ReplyTo(machine, call))
                .build();
    }

    private void send(String topic, String key, SpecificRecord record) {
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), codec.encode(topic, record)));
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }
}
