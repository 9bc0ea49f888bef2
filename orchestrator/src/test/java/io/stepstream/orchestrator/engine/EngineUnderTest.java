package io.stepstream.orchestrator.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.asl.execution.Limits;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.trace.Traces;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.ExecutionKeys;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.TokenKeys;
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
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.tracing.TraceHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The engine's topology on a test driver: one partition, a clock that moves when told, a registry that can be away. */
final class EngineUnderTest implements AutoCloseable {
    private static final String ROLE = "arn:aws:iam::000000000000:role/role";
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String GATEWAY = "gateway";

    /** The same in every run, and so are bindings and seeds: what is written has the same length. */
    final TokenKeys keys = TokenKeys.parse(List.of("1:" + "A".repeat(43)), "the test");

    final Set<String> taskTopics = new HashSet<>();
    final Readiness readiness = new Readiness();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final Registry registry = new Registry();
    final RecordCodec codec = new RecordCodec(registry);
    private final Traces traces;
    private final TopologyTestDriver driver;
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
    private final ExecutionKeys executionKeys;
    private Instant now = START;
    private int sent;

    /** A registry that can be out of reach; each codec asks it once for each schema. */
    static final class Registry implements SchemaRegistry {
        private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        boolean away;

        @Override
        public int register(String subject, Schema schema) {
            return registry.register(subject, schema);
        }

        @Override
        public Schema byId(int id) {
            if (away) {
                throw new RegistryUnavailable("away", null);
            }
            return registry.byId(id);
        }
    }

    EngineUnderTest() {
        this(1, Limits.DEFAULT);
    }

    EngineUnderTest(int partitions, Limits limits) {
        this(partitions, limits, Sealing.OFF);
    }

    EngineUnderTest(Sealing sealing) {
        this(1, Limits.DEFAULT, sealing);
    }

    private EngineUnderTest(int partitions, Limits limits, Sealing sealing) {
        this(partitions, limits, sealing, Traces.off());
    }

    EngineUnderTest(int partitions, Limits limits, Sealing sealing, Traces traces) {
        this.traces = traces;
        executionKeys = new ExecutionKeys(codec, sealing.masterKeys());
        try {
            var folder = Files.createTempDirectory("engine");
            var settings = new EngineSettings(
                    new RecordCodec(registry),
                    keys,
                    limits,
                    partitions,
                    taskTopics::contains,
                    sealing,
                    readiness,
                    new Meters(meters),
                    traces);
            driver = new TopologyTestDriver(
                    EngineTopology.build(settings), EngineConfig.of("none:1", folder, Map.of()), START);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The caller of a gateway that waits for the verdict. */
    Caller caller() {
        return Caller.newBuilder()
                .setChannel("http")
                .setReplyTo(new ReplyTo(GATEWAY, "call-" + ++sent))
                .build();
    }

    /** Creates a state machine whose tasks' topics exist, and returns its revision. */
    String create(String name, String definition) {
        return create(name, definition, false);
    }

    /** As {@link #create(String, String)}; whether its executions are sealed. */
    String create(String name, String definition, boolean sealed) {
        send(
                Topics.COMMANDS,
                Arns.DEFAULT.stateMachine(name),
                new Command(
                        caller(),
                        new CreateStateMachine(
                                Arns.DEFAULT.stateMachine(name),
                                name,
                                ROLE,
                                "STANDARD",
                                definition,
                                sealed,
                                "{}",
                                false,
                                null,
                                Map.of())));
        return revision(definition);
    }

    /** The revision of a state machine that was made of this definition. */
    static String revision(String definition) {
        return Hashes.revision(definition, ROLE, "{}");
    }

    /** Starts an execution and returns its id. */
    String start(String machine, String revision, String name, String input) {
        return start(machine, revision, name, input, TraceHeaders.NONE);
    }

    /** The same, by a start that belongs to a trace. */
    String start(String machine, String revision, String name, String input, TraceHeaders trace) {
        var arn = Arns.DEFAULT.execution(machine, name);
        send(
                Topics.COMMANDS,
                Arns.executionId(arn),
                new Command(
                        caller(),
                        new StartExecution(
                                arn,
                                name,
                                Arns.DEFAULT.stateMachine(machine),
                                revision,
                                Payloads.of(input),
                                null,
                                null,
                                false)),
                trace);
        return Arns.executionId(arn);
    }

    /** Answers a request with this body. */
    void answer(TaskRequest request, Object body) {
        send(Topics.TASK_RESULTS, request.getExecutionId(), result(request.getToken(), body));
    }

    TaskResult result(String token, Object body) {
        return TaskResult.newBuilder()
                .setCaller(caller())
                .setToken(token)
                .setBody(body)
                .build();
    }

    /** Appends a record to an input now. */
    void send(String topic, String key, SpecificRecord record) {
        send(topic, key, codec.encode(topic, record));
    }

    /** Appends a record that belongs to a trace. */
    void send(String topic, String key, SpecificRecord record, TraceHeaders trace) {
        pipe(topic, key, codec.encode(topic, record), now, trace);
    }

    /** Appends a record as if at another time: read now, it came earlier or will have come later. */
    void sendAt(Instant appended, String topic, String key, SpecificRecord record) {
        pipe(topic, key, codec.encode(topic, record), appended);
    }

    void send(String topic, String key, byte[] value) {
        pipe(topic, key, value, now);
    }

    private void pipe(String topic, String key, byte[] value, Instant appended) {
        pipe(topic, key, value, appended, TraceHeaders.NONE);
    }

    private void pipe(String topic, String key, byte[] value, Instant appended, TraceHeaders trace) {
        var headers = new RecordHeaders();
        trace.addTo(headers);
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, headers, appended));
        traces.committed();
    }

    /** Looks at the clock a few times, without time passing to speak of. */
    void tick() {
        for (var i = 0; i < 4; i++) {
            forward(Duration.ofMillis(1));
        }
    }

    /** Lets time pass from timer to timer. */
    void advance(Duration by) {
        var until = now.plus(by);
        tick();
        for (var due = nextTimer(); due.isPresent() && !due.get().isAfter(until); due = nextTimer()) {
            if (due.get().isAfter(now)) {
                forward(Duration.between(now, due.get()));
            }
            tick();
        }
        if (until.isAfter(now)) {
            forward(Duration.between(now, until));
        }
        tick();
    }

    /** Lets time pass as one jump: nothing is looked at in between. */
    void forward(Duration by) {
        now = now.plus(by);
        driver.advanceWallClockTime(by);
        traces.committed();
    }

    Instant now() {
        return now;
    }

    private Optional<Instant> nextTimer() {
        KeyValueStore<Bytes, byte[]> timers = driver.getKeyValueStore(EngineTopology.TIMERS);
        try (var rows = timers.all()) {
            return rows.hasNext()
                    ? Optional.of(
                            Instant.ofEpochMilli(RowKeys.timer(rows.next().key).dueMillis()))
                    : Optional.empty();
        }
    }

    byte[] get(Bytes key) {
        KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(EngineTopology.ROWS);
        return rows.get(key);
    }

    void put(Bytes key, byte[] row) {
        KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(EngineTopology.ROWS);
        rows.put(key, row);
    }

    /** How many rows, timers and parked records there are. */
    int size(String store) {
        KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(store);
        var size = 0;
        try (var all = rows.all()) {
            for (; all.hasNext(); all.next()) {
                size++;
            }
        }
        return size;
    }

    /** How many timers there are, without those of ended executions whose rows go at last. */
    int timersButSweeps() {
        KeyValueStore<Bytes, byte[]> timers = driver.getKeyValueStore(EngineTopology.TIMERS);
        var size = 0;
        try (var all = timers.all()) {
            while (all.hasNext()) {
                if (all.next().value[0] != Timers.Kind.SWEEP.ordinal()) {
                    size++;
                }
            }
        }
        return size;
    }

    /** What has come out into a topic since it was read last, tombstones left out. */
    <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
        return readBytes(topic).stream()
                .filter(Objects::nonNull)
                .map(bytes -> decode(bytes, type))
                .toList();
    }

    /** The key of this execution, as the topic of keys has it now. */
    KeyLookup key(String executionId, String keyId) {
        output(Topics.KEYS).readRecordsToList().forEach(record -> executionKeys.put(record.key(), record.value()));
        return executionKeys.find(executionId, keyId);
    }

    /** A status as it was before it was sealed, if it was. */
    ExecutionStatus open(ExecutionStatus status) {
        return SealedRecords.keyId(status)
                .map(keyId -> key(Arns.executionId(status.getExecutionArn()), keyId))
                .map(lookup -> switch (lookup) {
                    case KeyLookup.Found(var key) -> SealedRecords.open(status, key);
                    case KeyLookup.Absent _, KeyLookup.Locked _ -> throw new AssertionError(lookup);
                })
                .orElse(status);
    }

    /** Every record that the topology has sent to this topic since it was read last, key and value in one. */
    List<byte[]> raw(String topic) {
        return output(topic).readRecordsToList().stream()
                .map(record -> {
                    var value = record.value() == null ? new byte[0] : record.value();
                    return ByteBuffer.allocate(record.key().length + value.length)
                            .put(record.key())
                            .put(value)
                            .array();
                })
                .toList();
    }

    /** The topics that the topology has sent anything to. */
    Set<String> topics() {
        return driver.producedTopicNames();
    }

    <T extends SpecificRecord> T decode(byte[] bytes, Class<T> type) {
        try {
            return codec.decode(bytes, type);
        } catch (Undecodable e) {
            throw new AssertionError(type.getName(), e);
        }
    }

    List<byte[]> readBytes(String topic) {
        return output(topic).readValuesToList();
    }

    /** Every record that the topology has sent to this topic since it was read last. */
    List<TestRecord<byte[], byte[]>> records(String topic) {
        return output(topic).readRecordsToList();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return outputs.computeIfAbsent(
                topic,
                name -> driver.createOutputTopic(name, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** The one request for this task that has come since. */
    TaskRequest request(String task) {
        var requests = read(Topics.taskRequests(task), TaskRequest.class);
        if (requests.size() != 1) {
            throw new AssertionError("requests for " + task + ": " + requests);
        }
        return requests.getFirst();
    }

    /** The last verdict's refusal; empty if it was accepted. */
    Optional<String> refusal() {
        return Optional.ofNullable(verdict().getRefusal());
    }

    Verdict verdict() {
        return read(Topics.VERDICTS, Verdict.class).getLast();
    }

    @Override
    public void close() {
        driver.close();
    }
}
