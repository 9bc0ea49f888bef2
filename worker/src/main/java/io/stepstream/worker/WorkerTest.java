package io.stepstream.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tests a worker's handlers without Kafka, by the same code that calls them at work, and by a clock that moves only when it is told to.
 *
 * <pre>{@code
 * try (var test = WorkerTest.of(Worker.builder().task("charge-card", (ChargeRequest in, TaskContext task) -> charge(in)))) {
 *     assertThat(test.request("charge-card", new ChargeRequest(5)).outcome())
 *             .isEqualTo(new TaskOutcome.Succeeded("{\"total\":5}"));
 * }
 * }</pre>
 */
public final class WorkerTest implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A record that went to {@code dead-letters}. */
    public record DeadLettered(String topic, String error, String reason) {}

    private final Map<String, Service> services;
    private final ObjectMapper json;
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Recorded recorded = new Recorded();
    private final RecordCodec codec = new RecordCodec(new SchemasInMemory());
    private final List<Asked> asked = new ArrayList<>();
    private int requests;

    private WorkerTest(Worker.Builder builder, int deliveryLimit) {
        json = builder.mapper();
        services = builder.observer(task -> {
                    recorded.begun(task.token());
                    return outcome -> recorded.ended(task.token(), outcome);
                })
                .services(codec, recorded, time, name -> deliveryLimit);
    }

    /** Tests what this builder has been told of; it need not be told of any Kafka. A request is delivered five times at most. */
    public static WorkerTest of(Worker.Builder builder) {
        return new WorkerTest(builder, 5);
    }

    /** The clock of this test, for handlers that need one. */
    public Clock clock() {
        return time;
    }

    /** Lets time pass: heartbeats that come due are sent before this returns. */
    public void advance(Duration by) {
        time.advance(by);
    }

    /** Delivers a request for a task with this input, which becomes JSON as the worker's mapper writes it. */
    public Asked request(String taskName, Object input) {
        return request(taskName, input, Request.plain());
    }

    /** Delivers a request for a task; returns when its handler was called, or it has been answered without. */
    public Asked request(String taskName, Object input, Request request) {
        requests++;
        String token = "token-" + requests;
        var record = TaskRequest.newBuilder()
                .setToken(token)
                .setName(taskName)
                .setResource("arn:stepstream:kafka:::" + taskName)
                .setAwaitsCallback(request.awaitsCallback())
                .setInput(Payloads.of(text(input)))
                .setExecutionId("execution")
                .setExecutionArn("arn:aws:states:us-east-1:000000000000:execution:test:execution")
                .setStateMachineArn("arn:aws:states:us-east-1:000000000000:stateMachine:test")
                .setState("Test")
                .setPath("/")
                .setAttempt(request.attempt())
                .setIdempotencyKey("execution-" + requests)
                .setRequestedAt(time.instant())
                .setDeadline(request.timeout().map(time.instant()::plus).orElse(null))
                .setHeartbeatSeconds(
                        request.heartbeat().map(Duration::toSeconds).orElse(null))
                .setResultPartition(0)
                .build();
        return deliver(taskName, token, codec.encode(Topics.taskRequests(taskName), record), 1);
    }

    private Asked deliver(String taskName, String token, byte[] value, int deliveries) {
        Service service = Optional.ofNullable(services.get(taskName))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the worker has no handler for task " + taskName + "; it has some for " + services.keySet()));
        var record = new ConsumerRecord<>(
                Topics.taskRequests(taskName), 0, asked.size(), "execution".getBytes(StandardCharsets.UTF_8), value);
        recorded.expect(token);
        Delivery delivery = Delivery.begin(service, record, deliveries);
        var it = new Asked(this, taskName, token, value, deliveries, delivery);
        asked.add(it);
        recorded.awaitBegin(token, delivery.acknowledgement());
        return it;
    }

    private String text(Object input) {
        try {
            return json.writeValueAsString(input);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the input cannot be written as JSON", e);
        }
    }

    /** What went to {@code dead-letters}. */
    public List<DeadLettered> deadLetters() {
        return recorded.deadLetters();
    }

    /** Interrupts the handlers that still run. */
    @Override
    public void close() {
        asked.forEach(Asked::interrupt);
    }

    /**
     * How a request is made.
     *
     * @param awaitsCallback whether its state's resource ends in {@code .waitForTaskToken}
     * @param attempt 0, then one more for every retry by the state machine
     * @param heartbeat how often the worker must be heard of, in whole seconds
     * @param timeout when the task times out
     */
    public record Request(
            boolean awaitsCallback, int attempt, Optional<Duration> heartbeat, Optional<Duration> timeout) {

        /** The first attempt, without heartbeat and timeout, answered by the handler. */
        public static Request plain() {
            return new Request(false, 0, Optional.empty(), Optional.empty());
        }

        /** Answered by whoever holds the token. */
        public Request awaitingCallback() {
            return new Request(true, attempt, heartbeat, timeout);
        }

        /** The worker must be heard of this often. */
        public Request heartbeat(Duration every) {
            return new Request(awaitsCallback, attempt, Optional.of(every), timeout);
        }

        /** The task times out after this. */
        public Request timeout(Duration after) {
            return new Request(awaitsCallback, attempt, heartbeat, Optional.of(after));
        }

        /** The so manieth retry by the state machine. */
        public Request attempt(int number) {
            return new Request(awaitsCallback, number, heartbeat, timeout);
        }
    }

    /** A request that was delivered. */
    public static final class Asked {

        private final WorkerTest test;
        private final String taskName;
        private final String token;
        private final byte[] value;
        private final int deliveries;
        private final Delivery delivery;

        private Asked(WorkerTest test, String taskName, String token, byte[] value, int deliveries, Delivery delivery) {
            this.test = test;
            this.taskName = taskName;
            this.token = token;
            this.value = value;
            this.deliveries = deliveries;
            this.delivery = delivery;
        }

        /** Whether its handler still runs. */
        public boolean isRunning() {
            return !delivery.acknowledgement().isDone();
        }

        /** What became of it; waits for the handler's end, ten seconds of real time at most. */
        public TaskOutcome outcome() {
            AcknowledgeType how;
            try {
                how = delivery.acknowledgement().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("the handler of " + taskName + " has not ended within " + PATIENCE, e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a delivery never fails", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the handler of " + taskName, e);
            }
            return test.recorded.outcome(token).orElseThrow(() -> new AssertionError("it has no outcome: " + how));
        }

        /** The output of a task that has succeeded. */
        public JsonNode output() {
            if (!(outcome() instanceof TaskOutcome.Succeeded(var output))) {
                throw new AssertionError("task " + taskName + " has not succeeded: " + outcome());
            }
            try {
                return test.json.readTree(output);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an output is JSON", e);
            }
        }

        /** How many heartbeats were sent for it so far. */
        public int heartbeats() {
            return test.recorded.heartbeats(token);
        }

        /** Delivers the same request once more, as when its worker has died: with the same idempotency key. */
        public Asked again() {
            return test.deliver(taskName, token, value, deliveries + 1);
        }

        /** Interrupts the handler, as when the worker is closed or has lost its lock: the request is given back. */
        public void interrupt() {
            delivery.abandon();
        }
    }

    /** What would go to Kafka. */
    private static final class Recorded implements Answers {

        private final Map<String, CompletableFuture<Void>> begun = new ConcurrentHashMap<>();
        private final Map<String, TaskOutcome> outcomes = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> heartbeats = new ConcurrentHashMap<>();
        private final List<DeadLettered> letters = new CopyOnWriteArrayList<>();

        void expect(String token) {
            begun.put(token, new CompletableFuture<>());
            outcomes.remove(token);
        }

        void begun(String token) {
            Optional.ofNullable(begun.get(token)).ifPresent(it -> it.complete(null));
        }

        void ended(String token, TaskOutcome outcome) {
            outcomes.put(token, outcome);
        }

        void awaitBegin(String token, CompletableFuture<?> end) {
            CompletableFuture.anyOf(Optional.ofNullable(begun.get(token)).orElseThrow(), end)
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }

        Optional<TaskOutcome> outcome(String token) {
            return Optional.ofNullable(outcomes.get(token));
        }

        int heartbeats(String token) {
            return Optional.ofNullable(heartbeats.get(token))
                    .map(AtomicInteger::get)
                    .orElse(0);
        }

        List<DeadLettered> deadLetters() {
            return List.copyOf(letters);
        }

        @Override
        public void succeed(Address to, String outputJson) {
            outcomes.put(to.token(), new TaskOutcome.Succeeded(outputJson));
        }

        /** A failure without a handler's outcome is one of a request that no handler was called for. */
        @Override
        public void fail(Address to, String error, String cause) {
            outcomes.putIfAbsent(to.token(), new TaskOutcome.DeadLettered(error, cause));
        }

        @Override
        public void heartbeat(Address to) {
            heartbeats.computeIfAbsent(to.token(), token -> new AtomicInteger()).incrementAndGet();
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record, String error, String reason) {
            letters.add(new DeadLettered(record.topic(), error, reason));
        }
    }

    /** Time that stands still until it is told to pass. */
    private static final class ManualTime extends Clock implements Heart {

        private final List<Beat> beats = new ArrayList<>();
        private Instant now;

        private static final class Beat {
            private final Duration period;
            private final Runnable action;
            private Instant due;

            Beat(Duration period, Runnable action, Instant due) {
                this.period = period;
                this.action = action;
                this.due = due;
            }
        }

        ManualTime(Instant start) {
            this.now = start;
        }

        @Override
        public synchronized Beating every(Duration period, Runnable action) {
            var beat = new Beat(period, action, now.plus(period));
            beats.add(beat);
            return () -> stop(beat);
        }

        private synchronized void stop(Beat beat) {
            beats.remove(beat);
        }

        synchronized void advance(Duration by) {
            Instant end = now.plus(by);
            for (Beat beat : List.copyOf(beats)) {
                while (!beat.due.isAfter(end)) {
                    beat.action.run();
                    beat.due = beat.due.plus(beat.period);
                }
            }
            now = end;
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("a test's clock is in UTC");
        }
    }

    /** Ids for the schemas of one test. */
    private static final class SchemasInMemory implements SchemaRegistry {

        private final List<Schema> schemas = new ArrayList<>();

        @Override
        public synchronized int register(String subject, Schema schema) {
            if (!schemas.contains(schema)) {
                schemas.add(schema);
            }
            return schemas.indexOf(schema);
        }

        @Override
        public synchronized Schema byId(int id) {
            if (id >= schemas.size()) {
                throw new UnknownSchema("no schema has id " + id);
            }
            return schemas.get(id);
        }
    }
}
