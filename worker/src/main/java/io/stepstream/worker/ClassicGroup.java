package io.stepstream.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a classic consumer group, for brokers without share groups. A partition belongs to one worker, so more workers than
 * partitions are idle; within a worker requests are served side by side, and a slow one keeps no other from being done. Deliveries are
 * counted by {@link Progress}: each is committed before its handler is called.
 */
final class ClassicGroup implements Intake, Runnable, ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(ClassicGroup.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private record Held(ConsumerRecord<byte[], byte[]> record, Delivery delivery) {
        TopicPartition partition() {
            return partitionOf(record);
        }
    }

    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Service service;
    private final int most;
    private final Duration grace;
    private final Map<TopicPartition, Progress> owned = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Queue<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final Queue<Held> held = new ArrayDeque<>();
    private final CompletableFuture<Void> graceOver = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile boolean closing;

    /** @param grace how long handlers of a partition that moves elsewhere may still run */
    ClassicGroup(
            String topic, Supplier<Consumer<byte[], byte[]>> consumers, Service service, int most, Duration grace) {
        this.topic = topic;
        this.consumers = consumers;
        this.service = service;
        this.most = most;
        this.grace = grace;
        this.thread = Thread.ofVirtual().name("classic-" + topic).unstarted(this);
    }

    @Override
    public void open() {
        thread.start();
    }

    @Override
    public void close() {
        closing = true;
        wakeup();
    }

    @Override
    public void giveBack() {
        graceOver.complete(null);
        wakeup();
    }

    @Override
    public boolean awaitEnd(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        return left > 0 ? thread.join(Duration.ofNanos(left)) : !thread.isAlive();
    }

    private void wakeup() {
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    @Override
    public void run() {
        while (!closing) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                consumer.subscribe(List.of(topic), this);
                serve(consumer);
            } catch (KafkaException e) {
                log.warn("A consumer of {} failed; another one takes its place", topic, e);
                pause();
            } finally {
                current = null;
                lose(List.copyOf(owned.keySet()));
            }
        }
    }

    private void pause() {
        try {
            graceOver.get(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.debug("Paused before another consumer of {}", topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Consumer<byte[], byte[]> consumer) {
        while (!closing || !held.isEmpty()) {
            if (closing) {
                waiting.clear();
                if (graceOver.isDone()) {
                    held.forEach(it -> it.delivery().abandon());
                }
            }
            balance(consumer);
            for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
                waiting.add(record);
            }
            settle();
            begin(consumer);
        }
        commit(consumer, owned);
    }

    /** Takes more only while there is nothing that waits for a place. */
    private void balance(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        if (closing || !waiting.isEmpty() || held.size() >= most) {
            consumer.pause(assigned);
        } else {
            consumer.pause(assigned.stream()
                    .filter(it -> owned.containsKey(it) && !owned.get(it).hasRoom())
                    .toList());
            consumer.resume(assigned.stream()
                    .filter(it -> !owned.containsKey(it) || owned.get(it).hasRoom())
                    .toList());
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    /** Notes what has ended. What was given back although nobody took it away is begun again. */
    private void settle() {
        for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
            Held it = each.next();
            if (it.delivery().acknowledgement().isDone()) {
                each.remove();
                AcknowledgeType how = it.delivery().acknowledgement().join();
                Progress progress = owned.get(it.partition());
                if (progress != null && how != AcknowledgeType.RELEASE) {
                    progress.finish(it.record().offset());
                } else if (progress != null && !closing) {
                    waiting.add(it.record());
                }
            }
        }
    }

    /** Begins what there is a place for: first it is committed that it begins, or a request could kill its workers for ever. */
    private void begin(Consumer<byte[], byte[]> consumer) {
        Map<ConsumerRecord<byte[], byte[]>, Integer> begun = new HashMap<>();
        while (!closing && held.size() + begun.size() < most && !waiting.isEmpty()) {
            ConsumerRecord<byte[], byte[]> record = waiting.remove();
            Progress progress = owned.computeIfAbsent(partitionOf(record), it -> Progress.from(record.offset()));
            if (!progress.isDone(record.offset())) {
                begun.put(record, progress.begin(record.offset()));
            }
        }
        commit(consumer, owned);
        begun.forEach((record, deliveries) -> {
            Delivery delivery = Delivery.begin(service, record, deliveries);
            held.add(new Held(record, delivery));
            delivery.acknowledgement().thenRun(this::wakeup);
        });
    }

    private void commit(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Progress> partitions) {
        Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            OffsetAndMetadata now = progress.commitment();
            if (!now.equals(committed.get(partition))) {
                changed.put(partition, now);
            }
        });
        while (!changed.isEmpty()) {
            try {
                consumer.commitSync(changed);
                committed.putAll(changed);
                return;
            } catch (WakeupException e) {
                log.trace("Woken up while committing; the commit is made again", e);
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            committed(consumer, Set.copyOf(partitions)).forEach((partition, offset) -> {
                if (offset != null) {
                    owned.put(partition, Progress.of(offset));
                }
            });
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(
            Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        while (true) {
            try {
                return consumer.committed(partitions);
            } catch (WakeupException e) {
                log.trace("Woken up while asking for offsets; they are asked for again", e);
            }
        }
    }

    /** Handlers of these may end in time; what does not is the next owner's. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        waiting.removeIf(record -> partitions.contains(partitionOf(record)));
        var ends = held.stream()
                .filter(it -> partitions.contains(it.partition()))
                .map(it -> it.delivery().acknowledgement())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.anyOf(CompletableFuture.allOf(ends), graceOver)
                .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        settle();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            Map<TopicPartition, Progress> leaving = new HashMap<>(owned);
            leaving.keySet().retainAll(partitions);
            commit(consumer, leaving);
        }
        lose(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lose(partitions);
    }

    private void lose(Collection<TopicPartition> partitions) {
        waiting.removeIf(record -> partitions.contains(partitionOf(record)));
        for (Held it : held) {
            if (partitions.contains(it.partition())) {
                it.delivery().abandon();
            }
        }
        held.removeIf(it -> partitions.contains(it.partition()));
        partitions.forEach(owned::remove);
        partitions.forEach(committed::remove);
    }

    private static TopicPartition partitionOf(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
