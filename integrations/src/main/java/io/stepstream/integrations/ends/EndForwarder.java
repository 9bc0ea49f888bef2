package io.stepstream.integrations.ends;

import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.DeadLetters;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.registry.AwaitedRegistry;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the last statuses of executions that have ended out of {@code executions} into the topics that their state machines name, each
 * once: what is copied and how far it has read are of one transaction. Several of them share the partitions.
 */
public final class EndForwarder implements AutoCloseable {

    /** Who gave a record up, in its dead letter. */
    public static final String BY = "ends";

    private static final Logger LOG = LoggerFactory.getLogger(EndForwarder.class);
    private static final String GROUP = "stepstream.ends";
    private static final String NO_TOPIC = "Stepstream.ExecutionsTopicMissing";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(10);

    private final Map<String, Object> kafka;
    private final HttpSchemaRegistry registry;
    private final RecordCodec codec;
    private final Admin admin;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> current;

    private EndForwarder(EndSettings settings) {
        kafka = ClientSettings.of(settings.bootstrapServers(), settings.kafka());
        registry = new HttpSchemaRegistry(settings.registry());
        codec = new RecordCodec(registry);
        new AwaitedRegistry(registry).register(Topics.subject(Topics.DEAD_LETTERS), DeadLetter.getClassSchema());
        admin = Admin.create(Map.copyOf(kafka));
        thread = Thread.ofPlatform().name("execution-ends").unstarted(this::run);
    }

    /**
     * Starts copying.
     *
     * @throws RegistryUnavailable if the schema registry does not answer
     */
    public static EndForwarder start(EndSettings settings) {
        var forwarder = new EndForwarder(settings);
        forwarder.thread.start();
        return forwarder;
    }

    /** Waits until it is closed by another thread. */
    public void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(LONGEST_LEAVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        while (!isClosing()) {
            try (var consumer = consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP));
                    var definitions = consumer(Map.of());
                    var producer = producer()) {
                current = consumer;
                consumer.subscribe(List.of(Topics.EXECUTIONS));
                producer.initTransactions();
                var routes = new EndRoutes(definitions, codec, admin, registry);
                while (!isClosing()) {
                    forward(consumer, routes, producer);
                }
            } catch (WakeupException e) {
                LOG.debug("Closed");
            } catch (InterruptException e) {
                return;
            } catch (KafkaException | RegistryUnavailable e) {
                LOG.warn("Ends are not told of; it is tried again from what was committed last", e);
                pause();
            } finally {
                current = null;
            }
        }
    }

    private void forward(Consumer<byte[], byte[]> consumer, EndRoutes routes, Producer<byte[], byte[]> producer) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        routes.catchUp();
        producer.beginTransaction();
        try {
            copy(records, consumer, routes, producer);
        } catch (KafkaException | RegistryUnavailable e) {
            abort(producer);
            throw e;
        }
    }

    private void copy(
            ConsumerRecords<byte[], byte[]> records,
            Consumer<byte[], byte[]> consumer,
            EndRoutes routes,
            Producer<byte[], byte[]> producer) {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            copy(record, routes).ifPresent(producer::send);
            read.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(read, consumer.groupMetadata());
        producer.commitTransaction();
    }

    /** Else readers of these topics wait until the transaction times out. */
    private static void abort(Producer<byte[], byte[]> producer) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            LOG.debug("The transaction is left to its timeout", e);
        }
    }

    /** What is to be written for a status: nothing, unless it is an end that somebody wants to hear of. */
    private Optional<ProducerRecord<byte[], byte[]>> copy(ConsumerRecord<byte[], byte[]> record, EndRoutes routes) {
        if (record.value() == null) {
            return Optional.empty();
        }
        ExecutionStatus status;
        try {
            status = codec.decode(record.value(), ExecutionStatus.class);
        } catch (Undecodable e) {
            return Optional.of(deadLetter(record, "Stepstream.UnreadableRecord", String.valueOf(e.getMessage())));
        }
        if (status.getStatus().equals("RUNNING")) {
            return Optional.empty();
        }
        return switch (routes.of(status.getStateMachineArn())) {
            case EndRoutes.Route.Unasked() -> Optional.empty();
            case EndRoutes.Route.To(var topic) -> Optional.of(copy(record, topic));
            case EndRoutes.Route.Impossible(var reason) -> Optional.of(deadLetter(record, NO_TOPIC, reason));
        };
    }

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String topic) {
        return new ProducerRecord<>(topic, null, record.timestamp(), record.key(), record.value(), record.headers());
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record, String error, String reason) {
        LOG.warn("The end at {}-{}@{} cannot be told: {}", record.topic(), record.partition(), record.offset(), reason);
        return DeadLetters.of(record, BY, error, reason, codec);
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> own) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.putAll(own);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Its id is new each time: the group's generation fences whoever was there before (KIP-447). */
    private Producer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "stepstream-ends-" + UUID.randomUUID());
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void pause() {
        try {
            if (closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while pausing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
