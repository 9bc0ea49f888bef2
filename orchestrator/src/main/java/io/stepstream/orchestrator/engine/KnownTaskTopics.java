package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The task topics that the brokers have told of. Asked for one that they have not, it answers no at once, and asks them. */
public final class KnownTaskTopics implements TaskTopics, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KnownTaskTopics.class);

    private final Admin admin;
    private final ExecutorService asking = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("task-topics").factory());
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Set<String> topics = Set.of();

    public KnownTaskTopics(Admin admin) {
        this.admin = admin;
    }

    @Override
    public boolean exists(String taskName) {
        var known = topics.contains(Topics.taskRequests(taskName));
        if (!known && asked.compareAndSet(false, true)) {
            asking.execute(this::ask);
        }
        return known;
    }

    private void ask() {
        asked.set(false);
        try {
            topics = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(Topics.TASK_REQUESTS_PREFIX))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (ExecutionException e) {
            LOG.warn("cannot list topics; commands that need a task topic wait", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        asking.shutdownNow();
    }
}
