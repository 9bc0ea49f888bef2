package io.stepstream.orchestrator.views;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single history records out of their topic by offset. Thread-safe: as many reads at once as there are consumers. */
final class HistoryReader implements AutoCloseable {

    private static final int CONSUMERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Wanted offsets nearer than this to the position are waited for; to get to others a seek is cheaper. */
    private static final long NEAR = 200;

    private final RecordCodec codec;
    private final List<KafkaConsumer<byte[], byte[]>> all = new ArrayList<>();
    private final BlockingQueue<KafkaConsumer<byte[], byte[]>> idle = new ArrayBlockingQueue<>(CONSUMERS);

    /** One step as stored. */
    record StoredStep(HistoryRecord record, int bytes) {}

    HistoryReader(RecordCodec codec, Map<String, Object> clients) {
        this.codec = codec;
        var config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // What is wanted is there. Without this, a look ahead at the log's end would hold up the next seek for half a
        // second.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 0);
        // One record is always given whole; beside it, the neighbours belong mostly to other executions.
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 128 * 1024);
        for (var i = 0; i < CONSUMERS; i++) {
            var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            all.add(consumer);
            idle.add(consumer);
        }
    }

    /**
     * The records at these offsets.
     *
     * @throws HistoryGone if the topic's retention has removed one of them
     * @throws ViewsUnavailable if Kafka did not give them in time
     */
    Map<Long, StoredStep> read(int partition, Collection<Long> offsets) throws InterruptedException {
        var consumer = idle.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (consumer == null) {
            throw new ViewsUnavailable("Every reader of the history topic is busy; try again");
        }
        try {
            return read(consumer, new TopicPartition(Topics.HISTORY, partition), new TreeSet<>(offsets));
        } catch (OffsetOutOfRangeException e) {
            throw new HistoryGone("The history topic's retention has removed records of this execution", e);
        } finally {
            idle.add(consumer);
        }
    }

    private Map<Long, StoredStep> read(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, TreeSet<Long> wanted) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var found = new HashMap<Long, StoredStep>();
        consumer.assign(List.of(partition));
        var position = Long.MIN_VALUE;
        while (!wanted.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new ViewsUnavailable("Kafka did not give " + partition + " offset " + wanted.first() + " within "
                        + PATIENCE.toSeconds() + " s; try again");
            }
            var next = wanted.first();
            if (next < position) {
                throw new HistoryGone("There is no record any more at " + partition + " offset " + next, null);
            }
            if (next - NEAR > position) {
                consumer.seek(partition, next);
            }
            for (var record : consumer.poll(Duration.ofMillis(100)).records(partition)) {
                if (wanted.remove(record.offset())) {
                    found.put(record.offset(), decode(partition, record.offset(), record.value()));
                }
            }
            position = consumer.position(partition);
        }
        return found;
    }

    private StoredStep decode(TopicPartition partition, long offset, byte[] value) {
        try {
            return new StoredStep(codec.decode(value, HistoryRecord.class), value.length);
        } catch (Undecodable e) {
            throw new IllegalStateException(
                    "The views have indexed " + partition + " offset " + offset + ", but it cannot be decoded", e);
        }
    }

    @Override
    public void close() {
        all.forEach(KafkaConsumer::close);
    }
}
