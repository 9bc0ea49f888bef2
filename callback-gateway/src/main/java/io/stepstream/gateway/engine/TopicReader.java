package io.stepstream.gateway.engine;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that reads a topic until it is closed, and begins again with a new consumer when the old one fails. */
final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    /** @param reading reads until {@link #isOpen()} is false; may throw, and is then called again with a new consumer */
    TopicReader(
            String name,
            Supplier<KafkaConsumer<byte[], byte[]>> consumers,
            Consumer<KafkaConsumer<byte[], byte[]>> reading) {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(name, consumers, reading));
    }

    void start() {
        thread.start();
    }

    boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void run(
            String name,
            Supplier<KafkaConsumer<byte[], byte[]>> consumers,
            Consumer<KafkaConsumer<byte[], byte[]>> reading) {
        while (isOpen()) {
            try (var consumer = consumers.get()) {
                current = consumer;
                reading.accept(consumer);
            } catch (WakeupException e) {
                LOG.debug("{} was woken to stop", name);
            } catch (RuntimeException e) {
                LOG.warn("{} begins again: {}", name, e.toString());
                pause();
            } finally {
                current = null;
            }
        }
    }

    /** The record's value; empty, with a line in the log, if it is not what the topic should hold. Waits for the registry. */
    <T extends SpecificRecord> Optional<T> decoded(
            RecordCodec codec, ConsumerRecord<byte[], byte[]> message, Class<T> type) {
        while (isOpen()) {
            try {
                return Optional.of(codec.decode(message.value(), type));
            } catch (Undecodable e) {
                LOG.warn(
                        "Skipped {}-{}@{}: {}", message.topic(), message.partition(), message.offset(), e.getMessage());
                return Optional.empty();
            } catch (RegistryUnavailable e) {
                LOG.warn("Waiting for the schema registry: {}", e.getMessage());
                pause();
            }
        }
        return Optional.empty();
    }

    private void pause() {
        try {
            var unused = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
