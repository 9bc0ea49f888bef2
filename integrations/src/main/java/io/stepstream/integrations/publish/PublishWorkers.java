package io.stepstream.integrations.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.settings.TaskTopics;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.worker.Worker;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The publisher at work: a task name for each queue, topic and event bus that is mapped. */
public final class PublishWorkers implements AutoCloseable {

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Worker worker;

    private PublishWorkers(Producer<byte[], byte[]> producer, Worker worker) {
        this.producer = producer;
        this.worker = worker;
    }

    /**
     * Registers the mapped names, by making their topics where they are missing, and takes requests. The topics that they are mapped to
     * must be there.
     *
     * @throws IllegalStateException if Kafka cannot be reached, or has not Stepstream's topics
     */
    public static PublishWorkers start(PublishSettings settings) {
        TaskTopics.make(
                settings.bootstrapServers(),
                settings.kafka(),
                settings.registry(),
                List.copyOf(settings.topics().keySet()));
        var config = ClientSettings.of(settings.bootstrapServers(), settings.kafka());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            Worker.Builder builder = Worker.builder()
                    .bootstrapServers(settings.bootstrapServers())
                    .registry(settings.registry())
                    .name("stepstream-publish");
            settings.topics()
                    .forEach((name, topic) -> builder.task(name, JsonNode.class, new Publisher(producer, topic)));
            settings.kafka().forEach(builder::kafka);
            return new PublishWorkers(producer, builder.start());
        } catch (RuntimeException e) {
            producer.close(LONGEST_LEAVE);
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
        producer.close(LONGEST_LEAVE);
    }
}
