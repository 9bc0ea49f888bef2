package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.Clients;
import io.stepstream.orchestrator.views.Progress.Polled;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The clients that Streams would make itself, but that the consumer of the views tells its positions. */
final class ViewClients extends Clients {

    private final Progress progress;

    ViewClients(Progress progress) {
        this.progress = progress;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new TrackedConsumer(config, progress);
    }

    private static final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {

        /**
         * Records are taken at most this often: under load a turn of the thread, and a fetch, cost more than what is in them. What a query waits
         * for comes so much later at most; what comes after a silence is taken at once.
         */
        private static final Duration GATHERING = Duration.ofMillis(5);

        private final Progress progress;
        private long takenAt = System.nanoTime() - GATHERING.toNanos();

        private TrackedConsumer(Map<String, Object> config, Progress progress) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.progress = progress;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            LockSupport.parkNanos(GATHERING.toNanos() - (System.nanoTime() - takenAt));
            var records = super.poll(timeout);
            if (!records.isEmpty()) {
                takenAt = System.nanoTime();
            }
            var polled = new HashMap<TopicPartition, Polled>();
            // Holds partitions too of which only markers or aborted records came (KIP-1094).
            records.nextOffsets().forEach((partition, next) -> {
                var taken = records.records(partition);
                polled.put(
                        partition,
                        taken.isEmpty()
                                ? Polled.none(next.offset())
                                : new Polled(
                                        taken.getFirst().offset(),
                                        taken.getLast().offset(),
                                        next.offset()));
            });
            for (var partition : assignment()) {
                if (!polled.containsKey(partition) && !progress.isTracked(this, partition)) {
                    try {
                        polled.put(partition, Polled.none(position(partition, Duration.ZERO)));
                    } catch (TimeoutException notYetKnown) {
                        // Just assigned; the next poll will know it.
                    }
                }
            }
            progress.polled(this, assignment(), polled);
            return records;
        }
    }
}
