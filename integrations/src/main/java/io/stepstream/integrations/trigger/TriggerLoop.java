package io.stepstream.integrations.trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a trigger's topic. The records of one fetch are looked at side by side; the offset that is committed is behind the last before
 * which all are done. What is done and read again starts nothing again, by its execution's name.
 */
final class TriggerLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(TriggerLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Trigger trigger;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final TriggerReader reader;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor();
    private volatile @Nullable Consumer<byte[], byte[]> current;

    TriggerLoop(Trigger trigger, Supplier<Consumer<byte[], byte[]>> consumers, TriggerReader reader) {
        this.trigger = trigger;
        this.consumers = consumers;
        this.reader = reader;
    }

    /** Ends after the records that are being looked at. */
    void close() {
        closing.complete(null);
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    @Override
    public void run() {
        while (!closing.isDone()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                consumer.subscribe(List.of(trigger.topic()));
                read(consumer);
            } catch (WakeupException e) {
                LOG.debug("Trigger {} is closed", trigger.name());
            } catch (KafkaException | ExecutionException e) {
                LOG.warn("Trigger {} begins again where it has committed", trigger.name(), e);
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                current = null;
            }
        }
        looking.shutdownNow();
    }

    private void read(Consumer<byte[], byte[]> consumer) throws InterruptedException, ExecutionException {
        while (!closing.isDone()) {
            Map<TopicPartition, Long> done = new HashMap<>();
            Map<TopicPartition, Long> waiting = new HashMap<>();
            record Looked(ConsumerRecord<byte[], byte[]> record, Future<Boolean> done) {}
            List<Looked> looked = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                looked.add(new Looked(record, looking.submit(() -> reader.isDone(record))));
            }
            for (Looked it : looked) {
                var partition =
                        new TopicPartition(it.record().topic(), it.record().partition());
                if (!waiting.containsKey(partition)) {
                    if (it.done().get()) {
                        done.put(partition, it.record().offset() + 1);
                    } else {
                        waiting.put(partition, it.record().offset());
                    }
                }
            }
            commit(consumer, done);
            if (!waiting.isEmpty()) {
                waiting.forEach(consumer::seek);
                rest(consumer);
            }
        }
    }

    private static void commit(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> done) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        done.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }

    /** Lets time pass and stays a member of its group. */
    private static void rest(Consumer<byte[], byte[]> consumer) {
        consumer.pause(consumer.assignment());
        try {
            consumer.poll(POLL);
        } finally {
            consumer.resume(consumer.paused());
        }
    }

    private void pause() {
        try {
            closing.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("Trigger {} has paused", trigger.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
