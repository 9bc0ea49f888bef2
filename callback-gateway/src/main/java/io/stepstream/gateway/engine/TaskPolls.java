package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.limits.LongPolls;
import io.stepstream.schemas.Brokers;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.tracing.TraceHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;

/**
 * Long polls for tasks: one share consumer for every task name that somebody polls. It joins with the first poll of a name and
 * leaves when nobody has polled for a while.
 */
public final class TaskPolls implements AutoCloseable {

    private static final Duration END = Duration.ofSeconds(2);

    private final KafkaClients kafka;
    private final Brokers brokers;
    private final ClusterPulse pulse;
    private final RecordCodec codec;
    private final Tasks tasks;
    private final LongPolls places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, TaskPoller> pollers = new HashMap<>();
    private boolean closed;

    /** @param admin is asked whether there are brokers when a poll hears nothing of them */
    public TaskPolls(KafkaClients kafka, Admin admin, RecordCodec codec, Tasks tasks, LongPolls places) {
        this.kafka = kafka;
        this.brokers = new Brokers(kafka::admin);
        this.pulse = new ClusterPulse(admin);
        this.codec = codec;
        this.tasks = tasks;
        this.places = places;
    }

    /** Passes a task on to whoever polls. Throws if that fails: the task then goes to somebody else. */
    @FunctionalInterface
    public interface Delivery {
        void deliver(TaskRequest request, TraceHeaders trace) throws ApiException;
    }

    /**
     * Waits for a task of a registered name and delivers it; the task counts as taken once that has succeeded.
     *
     * @return whether there was one within the time
     */
    public boolean poll(String taskName, Duration patience, Delivery delivery) throws ApiException {
        if (brokers.areLost()) {
            throw TaskPoller.away();
        }
        try (var _ = places.take()) {
            var call = new TaskPoller.Call(delivery);
            join(taskName, call);
            return call.await(patience);
        }
    }

    private void join(String taskName, TaskPoller.Call call) {
        lock.lock();
        try {
            if (closed) {
                call.endWithoutTask();
                return;
            }
            var running = pollers.get(taskName);
            if (running == null || !running.join(call)) {
                running = new TaskPoller(kafka, brokers, pulse, codec, tasks, taskName, call);
                pollers.put(taskName, running);
                running.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers every waiting poll with "no task", and gives back what was not delivered. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pollers.values().forEach(TaskPoller::close);
            for (var poller : pollers.values()) {
                poller.awaitEnd(END);
            }
            pollers.clear();
            brokers.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
