package io.stepstream.orchestrator;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The clients that Streams would make itself, but that a consumer waits longer for records where none have come for a while. {@code poll.ms} is
 * short, since timers and commits are looked at once a poll; a thread that has nothing to do would go round a thousand times a second by it.
 * What comes is taken at once all the same.
 */
public class EngineClients extends Clients {
    /** How late a timer may fire in an idle engine. */
    private static final Duration NAP = Duration.ofMillis(20);

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new PatientConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new PatientConsumer(config);
    }

    private static final class PatientConsumer extends KafkaConsumer<byte[], byte[]> {

        private PatientConsumer(Map<String, Object> config) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            var idle = timeout.isPositive() && Idleness.isLong();
            var records = super.poll(idle && timeout.compareTo(NAP) < 0 ? NAP : timeout);
            if (!records.isEmpty()) {
                Idleness.worked();
            }
            return records;
        }
    }
}
