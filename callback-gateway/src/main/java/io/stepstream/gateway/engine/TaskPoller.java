package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.BrokerConnection;
import io.stepstream.schemas.Brokers;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.tracing.TraceHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The share consumer of one task name. It asks the broker for one record, and only while a call waits, so that it never holds a
 * task that another worker could have. A record is accepted once a call has passed it on; a call that is gone gives it back.
 */
final class TaskPoller {

    private static final Logger LOG = LoggerFactory.getLogger(TaskPoller.class);
    private static final Duration POLL = Duration.ofMillis(500);

    /**
     * Brokers give a partition to one member of a share group as long as there are enough for all: what lies in those of a member that asks for nothing
     * nobody gets. So it leaves soon, and joins again with the next call.
     */
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** A record's lock lasts 30 s; a client that reads its answer more slowly has lost the task. */
    private static final Duration DELIVERY = Duration.ofSeconds(10);

    /** The broker's {@code group.share.delivery.count.limit}. */
    private static final int DELIVERIES = 5;

    /** How often a consumer that nobody waits for is looked at: there is no event for the loss of all brokers. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    /**
     * A broker answers a poll that finds nothing, too, within half a second. After a silence of so long it is asked whether it is there at all:
     * a connection to one that hangs stays open.
     */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Sender SELF = new Sender("http", "gateway", "", Optional.empty());

    private final KafkaClients kafka;
    private final Brokers brokers;
    private final RecordCodec codec;
    private final Tasks tasks;
    private final ClusterPulse pulse;
    private final String topic;
    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    TaskPoller(
            KafkaClients kafka,
            Brokers brokers,
            ClusterPulse pulse,
            RecordCodec codec,
            Tasks tasks,
            String taskName,
            Call first) {
        this.kafka = kafka;
        this.brokers = brokers;
        this.codec = codec;
        this.tasks = tasks;
        this.pulse = pulse;
        this.topic = Topics.taskRequests(taskName);
        this.thread = Thread.ofVirtual().name("gateway-poll-" + taskName).unstarted(() -> run(taskName));
        calls.add(first);
    }

    /** A task, and the trace of its execution. */
    private record Handed(TaskRequest request, TraceHeaders trace) {}

    /** A waiting poll. It ends once: with a task, or without. */
    static final class Call {

        private final TaskPolls.Delivery delivery;
        private final CompletableFuture<Optional<Handed>> handed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> delivered = new CompletableFuture<>();

        Call(TaskPolls.Delivery delivery) {
            this.delivery = delivery;
        }

        /** Waits on the call's own thread, and delivers there. */
        boolean await(Duration patience) throws ApiException {
            try {
                var task = handed.completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                        .get();
                if (task.isPresent()) {
                    delivery.deliver(task.get().request(), task.get().trace());
                    delivered.complete(true);
                }
                return task.isPresent();
            } catch (ExecutionException e) {
                throw away();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                delivered.complete(false);
            }
        }

        boolean isWaiting() {
            return !handed.isDone();
        }

        /** Hands the task over; whether the call was still there and passed it on. */
        boolean take(TaskRequest request, TraceHeaders trace) throws InterruptedException {
            if (!handed.complete(Optional.of(new Handed(request, trace)))) {
                return false;
            }
            try {
                return delivered.get(DELIVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                return false;
            }
        }

        void endWithoutTask() {
            handed.complete(Optional.empty());
        }

        /** Kafka is away: no task can come. */
        void refuse() {
            handed.completeExceptionally(new IllegalStateException("Kafka is away"));
        }
    }

    void start() {
        thread.start();
    }

    /** Adds a call, unless this poller has ended. */
    synchronized boolean join(Call call) {
        return !closed && calls.add(call);
    }

    private void run(String taskName) {
        try (var consumer = kafka.shareConsumer(Topics.workerGroup(taskName))) {
            consumer.subscribe(List.of(topic));
            var connection = new BrokerConnection(consumer);
            for (var call = next(connection); call.isPresent(); call = next(connection)) {
                serve(consumer, connection, call.get());
            }
            if (brokers.areLost()) {
                // Nobody would hear that it leaves.
                consumer.close(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            LOG.debug("The poll of {} was interrupted to stop", topic);
        } catch (RuntimeException e) {
            LOG.warn("The poll of {} ended: {}", topic, e.toString());
        } finally {
            end();
        }
    }

    /** The next call that waits; empty when this poller has ended, as it does when nobody has polled for a while or no broker is there. */
    private Optional<Call> next(BrokerConnection connection) throws InterruptedException {
        var idleSince = System.nanoTime();
        while (!closed) {
            var call = calls.poll(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
            if (call != null && call.isWaiting()) {
                return Optional.of(call);
            }
            if (connection.isLost()) {
                refuseAll();
            } else if (System.nanoTime() - idleSince > IDLE.toNanos()) {
                endIfIdle();
            }
        }
        return Optional.empty();
    }

    /** Without a broker no task can come: calls are refused, and when there is one again, the next call has a poller of its own. */
    private synchronized void refuseAll() {
        closed = true;
        calls.forEach(Call::refuse);
        var unused = brokers.lost();
    }

    /** What a call is told that no task can come to. */
    static ApiException away() {
        return new ApiException(ApiError.UNAVAILABLE, "Kafka could not be reached. Poll again");
    }

    private synchronized void endIfIdle() {
        closed = closed || calls.isEmpty();
    }

    private void serve(KafkaShareConsumer<byte[], byte[]> consumer, BrokerConnection connection, Call call)
            throws InterruptedException {
        var received = connection.received();
        var heard = System.nanoTime();
        while (call.isWaiting() && !closed) {
            for (var message : consumer.poll(POLL)) {
                consumer.acknowledge(message, offer(message, call));
                var unused = consumer.commitSync();
            }
            var isSilent = System.nanoTime() - heard > SILENCE.toNanos() && connection.received() == received;
            if (connection.isLost() || isSilent && !pulse.isThere()) {
                call.refuse();
                refuseAll();
            } else if (isSilent || connection.received() != received) {
                received = connection.received();
                heard = System.nanoTime();
            }
        }
        call.endWithoutTask();
    }

    private AcknowledgeType offer(ConsumerRecord<byte[], byte[]> message, Call call) throws InterruptedException {
        try {
            var request = codec.decode(message.value(), TaskRequest.class);
            return call.take(request, TraceHeaders.of(message.headers())) || gaveUp(message, request)
                    ? AcknowledgeType.ACCEPT
                    : AcknowledgeType.RELEASE;
        } catch (Undecodable e) {
            LOG.warn("Rejected {}-{}@{}: {}", topic, message.partition(), message.offset(), e.getMessage());
            return AcknowledgeType.REJECT;
        } catch (RegistryUnavailable e) {
            LOG.warn("A task of {} waits for the schema registry: {}", topic, e.getMessage());
            return AcknowledgeType.RELEASE;
        }
    }

    /** The broker drops a record in silence after its last delivery: the execution must learn of it instead. */
    private boolean gaveUp(ConsumerRecord<byte[], byte[]> message, TaskRequest request) {
        if (message.deliveryCount().orElse((short) 1) < DELIVERIES) {
            return false;
        }
        try {
            var cause = "%d polls took the task and none of them could be answered".formatted(DELIVERIES);
            tasks.fail(SELF, request.getToken(), Optional.of("Stepstream.Undeliverable"), Optional.of(cause));
            return true;
        } catch (ApiException e) {
            LOG.warn("A task of {} could be neither delivered nor failed: {}", topic, e.detail());
            return false;
        }
    }

    /** Stops after the poll that is under way. */
    void close() {
        end();
    }

    private synchronized void end() {
        closed = true;
        calls.forEach(Call::endWithoutTask);
        calls.add(ended());
    }

    /** Wakes a poller that waits for calls. */
    private static Call ended() {
        var call = new Call((request, trace) -> {});
        call.endWithoutTask();
        return call;
    }

    /** Waits until the share group has been left. */
    void awaitEnd(Duration patience) throws InterruptedException {
        var unused = thread.join(patience);
    }
}
