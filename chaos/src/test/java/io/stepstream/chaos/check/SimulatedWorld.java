package io.stepstream.chaos.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.asl.execution.Limits;
import io.stepstream.chaos.world.Behaviour;
import io.stepstream.chaos.world.Dice;
import io.stepstream.chaos.world.Errand;
import io.stepstream.chaos.world.Intermission;
import io.stepstream.chaos.world.Letters;
import io.stepstream.chaos.world.Redrive;
import io.stepstream.chaos.world.Template;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.orchestrator.engine.EngineSettings;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.engine.Readiness;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.trace.Traces;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.TaskRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/** The chaos run's world without its faults: the engine's topology on a test driver, a clock of its own, and a bug if one is wanted. */
final class SimulatedWorld implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_WORK = 16;
    private static final int ERRANDS_PER_INTERMISSION = 10;
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    final TokenKeys tokens = TokenKeys.generate();
    final RecordCodec codec;
    private final Dice dice;
    private final Bug bug;
    private MemoryRecording recording;
    private final TopologyTestDriver driver;
    private final Letters letters;
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Template, String> revisions = new EnumMap<>(Template.class);
    private final Set<String> running = new HashSet<>();
    private Instant now = START;
    private long number;

    /** Something that somebody does at a time. */
    private record Event(Instant at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at.equals(other.at) ? Long.compare(number, other.number) : at.compareTo(other.at);
        }
    }

    SimulatedWorld(Dice dice, Bug bug) {
        this.dice = dice;
        this.bug = bug;
        var registry = new InMemorySchemaRegistry();
        codec = new RecordCodec(registry);
        letters = new Letters(codec);
        recording = new MemoryRecording(registry);
        try {
            var folder = Files.createTempDirectory("engine");
            var settings = new EngineSettings(
                    codec,
                    tokens,
                    Limits.DEFAULT,
                    1,
                    Template.TASKS::contains,
                    Sealing.OFF,
                    new Readiness(),
                    Meters.unread(),
                    Traces.off());
            driver = new TopologyTestDriver(
                    EngineTopology.build(settings), EngineConfig.of("none:1", folder, Map.of()), START);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (var template : Template.values()) {
            append(letters.create(template));
            collect();
        }
        append(letters.limitWork(MOST_WORK));
        Template.LIMITED.forEach(template -> append(letters.limit(template, 1)));
        collect();
    }

    /** Runs so many executions until all have ended, or nothing will end them any more. */
    SimulatedWorld run(int errands) {
        return run(errands, LONGEST);
    }

    /** Runs so many executions until all have ended, or this time has passed. */
    SimulatedWorld run(int errands, Duration atMost) {
        for (var i = 0; i < errands; i++) {
            var errand = Errand.of(dice, i);
            at(Duration.ofMillis(60L * i), () -> start(errand));
        }
        for (var i = 0; i < errands / ERRANDS_PER_INTERMISSION; i++) {
            var intermission = Intermission.of(dice, i);
            var begins = Duration.ofMillis(60L * i * ERRANDS_PER_INTERMISSION);
            at(begins, () -> append(letters.pause(intermission)));
            at(begins.plus(intermission.during()), () -> append(letters.resume(intermission)));
        }
        var until = now.plus(atMost);
        while ((!events.isEmpty() || !running.isEmpty()) && now.isBefore(until)) {
            driver.advanceWallClockTime(TICK);
            now = now.plus(TICK);
            collect();
            while (!events.isEmpty() && !events.peek().at().isAfter(now)) {
                events.poll().what().run();
                collect();
            }
            bug.between(this);
        }
        recording.seenAt(now);
        return this;
    }

    MemoryRecording recording() {
        return recording;
    }

    /** Puts the log back to what it was. */
    void recording(MemoryRecording before) {
        recording = before;
    }

    Instant now() {
        return now;
    }

    KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    /** The keys of a store, as they are now. */
    List<Bytes> keys(String store) {
        var keys = new ArrayList<Bytes>();
        try (var all = store(store).all()) {
            all.forEachRemaining(row -> keys.add(row.key));
        }
        return keys;
    }

    /** Those of them that begin like this and go on. */
    List<Bytes> keys(String store, Bytes prefix) {
        return keys(store).stream()
                .filter(key -> Arrays.mismatch(prefix.get(), key.get()) == prefix.get().length)
                .toList();
    }

    /** Executions that wait for a timer, by the keys of their rows. */
    Map<Bytes, PackedExecution> executions() {
        var executions = new LinkedHashMap<Bytes, PackedExecution>();
        for (var timer : keys(EngineTopology.TIMERS)) {
            var key = RowKeys.execution(RowKeys.timer(timer).id());
            // Others than executions have timers too.
            Optional.ofNullable(store(EngineTopology.ROWS).get(key))
                    .ifPresent(row -> executions.put(key, RowCodec.execution(row)));
        }
        return executions;
    }

    /** Has the engine read a record of an input that it has read before. */
    void readAgain(String topic, io.stepstream.audit.log.LogRecord record) {
        pipe(
                topic,
                record.key().orElseThrow().get(),
                record.value().orElseThrow().get(),
                Instant.ofEpochMilli(record.timestamp()));
        collect();
    }

    /**
     * Tells the engine something internal that it has not sent, and that is not in the log.
     *
     * @param id the key
     */
    void tell(String id, SpecificRecord body) {
        pipe(Topics.INTERNAL, id.getBytes(UTF_8), codec.encode(Topics.INTERNAL, new Internal(body)), now);
        collect();
    }

    /** Has somebody start an execution. */
    void start(Errand errand) {
        var revision = revisions.get(errand.template());
        if (revision == null) {
            throw new IllegalStateException(errand.template() + " has not been deployed");
        }
        var letter = letters.start(errand, revision);
        running.add(letter.key());
        append(letter);
        if (errand.repeated()) {
            append(letters.start(errand, revision));
        }
        errand.stopped().ifPresent(after -> at(after, () -> append(letters.stop(errand))));
        errand.paused().ifPresent(pause -> {
            at(pause.after(), () -> append(letters.pause(errand)));
            at(pause.after().plus(pause.during()), () -> append(letters.resume(errand)));
        });
    }

    private void at(Duration after, Runnable what) {
        events.add(new Event(now.plus(after), number++, what));
    }

    private void append(Letters.Letter letter) {
        recording.add(letter.topic(), letter.key().getBytes(UTF_8), letter.value(), now.toEpochMilli());
        pipe(letter.topic(), letter.key().getBytes(UTF_8), letter.value(), now);
    }

    private void pipe(String topic, byte[] key, byte[] value, Instant appended) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, value, appended);
    }

    /** Takes what the engine has sent: into the recording, and to whom it is for. */
    private void collect() {
        for (var topic : Set.copyOf(driver.producedTopicNames())) {
            var output = outputs.computeIfAbsent(
                    topic,
                    name -> driver.createOutputTopic(name, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
            for (var record : output.readRecordsToList()) {
                if (topic.startsWith("stepstream.") && !bug.loses(this, topic, record.value())) {
                    recording.add(topic, record.key(), record.value(), record.timestamp());
                    deliver(topic, record.value());
                }
            }
        }
    }

    private void deliver(String topic, byte[] value) {
        if (topic.startsWith(Topics.TASK_REQUESTS_PREFIX)) {
            serve(decode(value, TaskRequest.class));
        } else if (topic.equals(Topics.DEFINITIONS)
                && decode(value, Definition.class).getBody() instanceof StateMachineRevision revision) {
            List.of(Template.values()).stream()
                    .filter(template -> template.machine().equals(revision.getName()))
                    .forEach(template -> revisions.put(template, revision.getRevision()));
        } else if (topic.equals(Topics.EXECUTIONS)) {
            var status = decode(value, ExecutionStatus.class);
            var id = io.stepstream.schemas.Arns.executionId(status.getExecutionArn());
            if (status.getStatus().equals("RUNNING")) {
                running.add(id);
            } else {
                running.remove(id);
                Redrive.of(dice, status).ifPresent(this::redriveLater);
            }
        }
    }

    private void redriveLater(Redrive redrive) {
        at(redrive.after(), () -> append(letters.redrive(redrive)));
        if (redrive.repeated()) {
            at(redrive.after(), () -> append(letters.redrive(redrive)));
        }
    }

    private void serve(TaskRequest request) {
        switch (Behaviour.of(dice, request.getName(), request.getIdempotencyKey())) {
            case Behaviour.Silence _ -> {}
            case Behaviour.Answer answer -> {
                for (var beat = 1; beat <= answer.heartbeats(); beat++) {
                    at(
                            answer.after().multipliedBy(beat).dividedBy(answer.heartbeats() + 1),
                            () -> append(letters.heartbeat(request)));
                }
                at(answer.after(), () -> answer(request, letters.answer(request, answer)));
                if (answer.repeated()) {
                    at(answer.after(), () -> answer(request, letters.answer(request, answer)));
                }
            }
        }
    }

    private void answer(TaskRequest request, Letters.Letter letter) {
        var appended = now;
        recording.add(letter.topic(), letter.key().getBytes(UTF_8), letter.value(), appended.toEpochMilli());
        Runnable read = () ->
                pipe(letter.topic(), letter.key().getBytes(UTF_8), letter.value(), bug.misreads(request, appended));
        var overlooked = bug.overlooks(request);
        if (overlooked.isZero()) {
            read.run();
        } else {
            at(overlooked, read);
        }
    }

    <T extends SpecificRecord> T decode(byte[] bytes, Class<T> type) {
        try {
            return codec.decode(bytes, type);
        } catch (Undecodable e) {
            throw new AssertionError(type.getName(), e);
        }
    }

    @Override
    public void close() {
        driver.close();
    }
}
