package io.stepstream.cli.deadletters;

import io.stepstream.cli.serve.ConfigOption;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.DeadLetters;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The cluster and registry whose dead letters are looked after. */
final class Installation implements AutoCloseable {
    private final Map<String, Object> clients;
    private final Admin admin;
    private final HttpSchemaRegistry registry;
    private final RecordCodec codec;

    private Installation(String bootstrapServers, URI registry, Map<String, String> kafka) {
        this.clients = ClientSettings.of(bootstrapServers, kafka);
        this.admin = Admin.create(only(AdminClientConfig.configNames()));
        this.registry = new HttpSchemaRegistry(registry);
        this.codec = new RecordCodec(this.registry);
    }

    /**
     * That of the settings.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    static Installation of(ConfigOption config) {
        Settings settings = config.settings();
        return new Installation(
                settings.required(Key.BOOTSTRAP_SERVERS),
                URI.create(settings.required(Key.REGISTRY)),
                settings.family(Key.KAFKA));
    }

    Admin admin() {
        return admin;
    }

    HttpSchemaRegistry registry() {
        return registry;
    }

    RecordCodec codec() {
        return codec;
    }

    /** A consumer of no group, of what is committed. */
    Consumer<byte[], byte[]> consumer() {
        var config = only(ConsumerConfig.configNames());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The producer of whoever sends again; it fences any other, and has settled what that has begun, once its transactions are initialized. */
    Producer<byte[], byte[]> producer() {
        var config = only(ProducerConfig.configNames());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, DeadLetters.TRANSACTIONAL_ID);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** How many partitions a topic has; empty if there is none of this name. */
    Optional<Integer> partitions(String topic) {
        try {
            return Optional.of(admin.describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                return Optional.empty();
            }
            throw new KafkaException("topic " + topic + " cannot be looked for", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Where a partition begins or ends now, open transactions included. */
    long offset(TopicPartition partition, OffsetSpec which) {
        try {
            return admin.listOffsets(Map.of(partition, which))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException("the offsets of " + partition + " cannot be asked for", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Clients warn of settings that are not theirs. */
    private Map<String, Object> only(Set<String> names) {
        var own = new HashMap<>(clients);
        own.keySet().retainAll(names);
        return own;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
