package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.integrations.settings.TaskTopics;
import io.stepstream.worker.Worker;
import java.util.List;

/** The HTTP worker at work. */
public final class HttpWorkers implements AutoCloseable {

    private final Worker worker;

    private HttpWorkers(Worker worker) {
        this.worker = worker;
    }

    /**
     * Registers its task name, by making its topic where it is missing, and takes requests.
     *
     * @throws IllegalStateException if Kafka cannot be reached, or has not Stepstream's topics
     */
    public static HttpWorkers start(HttpSettings settings) {
        TaskTopics.make(
                settings.bootstrapServers(), settings.kafka(), settings.registry(), List.of(HttpInvoke.TASK_NAME));
        var invoke =
                new HttpInvoke(settings, Backoff.DEFAULT, HttpInvoke.Limits.DEFAULT, PinnedAddresses.ofTheSystem());
        Worker.Builder builder = Worker.builder()
                .bootstrapServers(settings.bootstrapServers())
                .registry(settings.registry())
                .name("stepstream-http")
                .task(HttpInvoke.TASK_NAME, JsonNode.class, invoke);
        settings.kafka().forEach(builder::kafka);
        return new HttpWorkers(builder.start());
    }

    /** Waits until the worker is closed by another thread. */
    public void join() throws InterruptedException {
        worker.join();
    }

    /** Finishes the requests that it has, or gives them back to others. */
    @Override
    public void close() {
        worker.close();
    }
}
