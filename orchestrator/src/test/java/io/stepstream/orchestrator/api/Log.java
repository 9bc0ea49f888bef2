package io.stepstream.orchestrator.api;

import io.stepstream.orchestrator.views.Steps;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.WrappedKey;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes history and executions as the engine does: in transactions. */
final class Log implements AutoCloseable {

    private final RecordCodec codec;
    private final KafkaProducer<String, byte[]> producer;

    Log(String bootstrapServers, RecordCodec codec) {
        this.codec = codec;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "log-" + UUID.randomUUID(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.MAX_REQUEST_BYTES),
                new StringSerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    /** One transaction of these records, each to its type's topic. */
    void commit(Steps steps, SpecificRecord... records) {
        begin(steps, records);
        producer.commitTransaction();
    }

    /** A transaction that destroys the execution's key. */
    void destroyKey(Steps steps) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Topics.KEYS, steps.executionId(), null));
        producer.commitTransaction();
    }

    /** The same, but aborted when they are in the log. */
    void abort(Steps steps, SpecificRecord... records) {
        begin(steps, records);
        producer.flush();
        producer.abortTransaction();
    }

    private void begin(Steps steps, SpecificRecord... records) {
        producer.beginTransaction();
        for (var record : records) {
            var topic = switch (record) {
                case HistoryRecord _ -> Topics.HISTORY;
                case WrappedKey _ -> Topics.KEYS;
                // A record's Java type is Avro's.
                default -> Topics.EXECUTIONS;
            };
            producer.send(new ProducerRecord<>(topic, steps.executionId(), codec.encode(topic, record)));
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
