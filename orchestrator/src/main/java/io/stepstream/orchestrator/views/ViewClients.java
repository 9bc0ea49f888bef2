package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.Clients;
import io.stepstream.orchestrator.views.Progress.Polled;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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

        private final Progress progress;

        private TrackedConsumer(Map<String, Object> config, Progress progress) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.progress = progress;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            var records = super.poll(timeout);
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
