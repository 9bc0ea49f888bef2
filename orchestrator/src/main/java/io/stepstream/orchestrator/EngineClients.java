package io.stepstream.orchestrator;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
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
        return new PatientConsumer(config, Idleness::isLong);
    }

    /** Neither timers nor commits wait for this one's thread, so it is never in a hurry. */
    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new PatientConsumer(config, () -> true);
    }

    private static final class PatientConsumer extends KafkaConsumer<byte[], byte[]> {

        private final BooleanSupplier hasTime;

        private PatientConsumer(Map<String, Object> config, BooleanSupplier hasTime) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.hasTime = hasTime;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            var naps = timeout.isPositive() && timeout.compareTo(NAP) < 0 && hasTime.getAsBoolean();
            var records = super.poll(naps ? NAP : timeout);
            if (!records.isEmpty()) {
                Idleness.worked();
            }
            return records;
        }
    }
}
