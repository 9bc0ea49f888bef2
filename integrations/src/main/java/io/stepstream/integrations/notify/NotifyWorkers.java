package io.stepstream.integrations.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.integrations.settings.TaskTopics;
import io.stepstream.worker.Worker;
import java.time.Clock;
import java.util.List;

/** The notifier at work. */
public final class NotifyWorkers implements AutoCloseable {

    private final WebhookNotifier webhooks;
    private final Worker worker;

    private NotifyWorkers(WebhookNotifier webhooks, Worker worker) {
        this.webhooks = webhooks;
        this.worker = worker;
    }

    /**
     * Registers its task names, by making their topics where they are missing, and takes requests.
     *
     * @throws IllegalStateException if Kafka cannot be reached, or has not Stepstream's topics
     */
    public static NotifyWorkers start(NotifySettings settings) {
        TaskTopics.make(
                settings.bootstrapServers(),
                settings.kafka(),
                settings.registry(),
                List.of(EmailNotifier.TASK_NAME, WebhookNotifier.TASK_NAME));
        var clock = Clock.systemUTC();
        var links = new Links(settings.gateway(), clock);
        var webhooks = new WebhookNotifier(settings.endpoints(), links, Backoff.DEFAULT, clock);
        try {
            Worker.Builder builder = Worker.builder()
                    .bootstrapServers(settings.bootstrapServers())
                    .registry(settings.registry())
                    .name("stepstream-notify")
                    .task(WebhookNotifier.TASK_NAME, JsonNode.class, webhooks);
            settings.smtp()
                    .ifPresent(smtp -> builder.task(
                            EmailNotifier.TASK_NAME,
                            JsonNode.class,
                            new EmailNotifier(new Mailer(smtp), links, settings.templates())));
            settings.kafka().forEach(builder::kafka);
            return new NotifyWorkers(webhooks, builder.start());
        } catch (RuntimeException e) {
            webhooks.close();
            throw e;
        }
    }

    /** Waits until the workers are closed by another thread. */
    public void join() throws InterruptedException {
        worker.join();
    }

    /** Finishes the requests that it has, or gives them back to others. */
    @Override
    public void close() {
        worker.close();
        webhooks.close();
    }
}
