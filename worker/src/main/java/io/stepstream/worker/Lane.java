package io.stepstream.worker;

import io.stepstream.schemas.BrokerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the share group of a task's topic. A share consumer fetches nothing new before all that it holds is acknowledged, so
 * a lane holds one request at a time, and renews its lock for as long as the handler runs.
 */
final class Lane implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** Where a record is: the name under which its delivery is held. */
    private record Position(TopicPartition partition, long offset) {
        static Position of(ConsumerRecord<?, ?> record) {
            return new Position(new TopicPartition(record.topic(), record.partition()), record.offset());
        }
    }

    private final String topic;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final Service service;
    private final Lanes lanes;
    private final Map<Position, Delivery> held = new HashMap<>();
    private volatile @Nullable ShareConsumer<byte[], byte[]> current;
    private volatile boolean serving;

    Lane(String topic, Supplier<ShareConsumer<byte[], byte[]>> consumers, Service service, Lanes lanes) {
        this.topic = topic;
        this.consumers = consumers;
        this.service = service;
        this.lanes = lanes;
    }

    /** Ends a wait for records, after the lanes were told to close. */
    void wakeup() {
        ShareConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** Whether it holds a request, and so fetches no other. */
    boolean isServing() {
        return serving;
    }

    @Override
    public void run() {
        while (!lanes.isClosing()) {
            try (ShareConsumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                consumer.setAcknowledgementCommitCallback(this::acknowledged);
                consumer.subscribe(List.of(topic));
                serve(consumer);
            } catch (KafkaException e) {
                log.warn("A consumer of {} failed; another one takes its place", topic, e);
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                current = null;
                List.copyOf(held.keySet()).forEach(this::drop);
            }
        }
    }

    /** Serves until the lanes are closed, or this one has lost all brokers while it holds nothing. */
    private void serve(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
        var connection = new BrokerConnection(consumer);
        while (!lanes.isClosing() || !held.isEmpty()) {
            ConsumerRecords<byte[], byte[]> records =
                    poll(consumer, held.isEmpty() ? POLL : renewal(consumer).dividedBy(2));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                held.computeIfAbsent(Position.of(record), position -> {
                    serving = true;
                    lanes.taken();
                    return Delivery.begin(
                            service, record, record.deliveryCount().orElse((short) 1));
                });
            }
            if (!records.isEmpty()) {
                await(renewal(consumer));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    acknowledge(consumer, record);
                }
            }
            if (connection.isLost() && held.isEmpty()) {
                // Nobody would hear that it leaves.
                consumer.close(Duration.ZERO);
                lanes.awaitBrokers();
                return;
            }
        }
    }

    /** After a renewal it waits for no other record: what is held comes back when the time is over, and its lock runs meanwhile. */
    private static ConsumerRecords<byte[], byte[]> poll(ShareConsumer<byte[], byte[]> consumer, Duration longest) {
        try {
            return consumer.poll(longest);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    /** A third of the lock's time: with the poll behind it, half, so that a renewal may be late. */
    private static Duration renewal(ShareConsumer<byte[], byte[]> consumer) {
        return Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(10_000) / 3);
    }

    /** Waits until all that is held is done, its locks must be renewed, or the worker has waited long enough for its end. */
    private void await(Duration longest) throws InterruptedException {
        CompletableFuture<?>[] deliveries =
                held.values().stream().map(Delivery::acknowledgement).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.anyOf(CompletableFuture.allOf(deliveries), lanes.graceOver())
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.debug("Locks on {} are renewed", topic);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a delivery never fails", e);
        }
    }

    private void acknowledge(ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
        Position position = Position.of(record);
        Delivery delivery = held.get(position);
        if (delivery == null) {
            consumer.acknowledge(record, AcknowledgeType.RELEASE);
        } else if (delivery.acknowledgement().isDone()) {
            consumer.acknowledge(record, delivery.acknowledgement().join());
            letGo(position);
        } else if (lanes.graceOver().isDone()) {
            consumer.acknowledge(record, AcknowledgeType.RELEASE);
            drop(position);
        } else {
            consumer.acknowledge(record, AcknowledgeType.RENEW);
        }
    }

    private void letGo(Position position) {
        held.remove(position);
        serving = !held.isEmpty();
        lanes.done();
    }

    private void acknowledged(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
        if (failure == null) {
            return;
        }
        // The lock is lost: somebody else gets the request. What is still held of it is ours no more.
        offsets.forEach((partition, positions) -> positions.forEach(offset -> {
            var position = new Position(partition.topicPartition(), offset);
            if (held.containsKey(position)) {
                log.warn("The lock on {} offset {} is lost; its handler is interrupted", partition, offset, failure);
                drop(position);
            }
        }));
    }

    private void drop(Position position) {
        Delivery delivery = held.get(position);
        if (delivery != null) {
            delivery.abandon();
            letGo(position);
        }
    }

    private void pause() {
        try {
            lanes.graceOver().get(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.debug("Paused before another consumer of {}", topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
