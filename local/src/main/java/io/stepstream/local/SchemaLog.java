package io.stepstream.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.local.InMemorySchemaRegistry.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The topic that a local registry's schemas are in, one record a version. Its writer is transactional, so that another registry
 * on the same topic fences it off, instead of both giving out the same ids.
 */
final class SchemaLog implements AutoCloseable {

    static final String TOPIC = "stepstream.schemas";

    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    /** Whoever asks for a new schema has given up by then, and whoever stops the registry waits for it. */
    private static final Duration BROKER_WITHIN = Duration.ofSeconds(10);

    private final KafkaProducer<String, String> producer;
    private final InMemorySchemaRegistry content;

    private SchemaLog(KafkaProducer<String, String> producer, InMemorySchemaRegistry content) {
        this.producer = producer;
        this.content = content;
    }

    /** Fences off earlier writers, and reads what they have written. */
    static SchemaLog open(String bootstrapServers) {
        createTopic(bootstrapServers);
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "transactional.id", TOPIC,
                        "client.id", TOPIC,
                        "max.block.ms", String.valueOf(BROKER_WITHIN.toMillis())),
                new StringSerializer(),
                new StringSerializer());
        try {
            producer.initTransactions();
            return new SchemaLog(producer, read(bootstrapServers));
        } catch (RuntimeException e) {
            producer.close(CLOSE);
            throw e;
        }
    }

    /** All that has been read and appended. */
    InMemorySchemaRegistry content() {
        return content;
    }

    /** Appends a version and returns when it is committed. After a failure this log must not be used any more. */
    void append(Version version) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, version.subject() + " " + version.version(), encode(version)));
        producer.commitTransaction();
        content.add(version);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }

    private static void createTopic(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("Topic " + TOPIC + " cannot be created: " + e.getCause(), e);
            }
        }
    }

    private static InMemorySchemaRegistry read(String bootstrapServers) {
        InMemorySchemaRegistry content = new InMemorySchemaRegistry();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            // No transaction can be open, for initTransactions has ended it: this is the true end.
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    content.add(decode(record));
                }
            }
        }
        return content;
    }

    private static String encode(Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema().toString())
                .toString();
    }

    private static Version decode(ConsumerRecord<String, String> record) {
        try {
            JsonNode value = JSON.readTree(record.value());
            return new Version(
                    value.required("subject").asText(),
                    value.required("version").asInt(),
                    value.required("id").asInt(),
                    new Schema.Parser().parse(value.required("schema").asText()));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new KafkaException(
                    "The record at offset " + record.offset() + " of topic " + TOPIC
                            + " is no schema: somebody else writes into it; restore the topic, or start on another data folder",
                    e);
        }
    }
}
