package io.stepstream.integrations.trigger;

import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.registry.AwaitedRegistry;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Triggers at work. More processes with the same triggers share the topics' partitions. */
public final class Triggers implements AutoCloseable {

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(20);

    /** Executions that one trigger starts at once. */
    private static final int AT_ONCE = 64;

    private record Running(TriggerLoop loop, Thread thread) {}

    private final List<Running> running = new ArrayList<>();
    private final ExecutionStarter starter;
    private final Producer<byte[], byte[]> producer;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Triggers(TriggerSettings settings) {
        var registry = new HttpSchemaRegistry(settings.registry());
        new AwaitedRegistry(registry).register(Topics.subject(Topics.DEAD_LETTERS), DeadLetter.getClassSchema());
        starter = new ExecutionStarter(settings.gateway(), settings.apiKey());
        Map<String, Object> kafka = ClientSettings.of(settings.bootstrapServers(), settings.kafka());
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        for (Trigger trigger : settings.triggers()) {
            var reader = new TriggerReader(trigger, registry, starter, producer);
            var loop = new TriggerLoop(
                    trigger,
                    () -> new KafkaConsumer<>(
                            consumer(kafka, trigger), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                    reader);
            running.add(new Running(
                    loop, Thread.ofPlatform().name("trigger-" + trigger.name()).start(loop)));
        }
    }

    /**
     * Starts reading.
     *
     * @throws io.stepstream.schemas.registry.RegistryUnavailable if the schema registry does not answer
     */
    public static Triggers start(TriggerSettings settings) {
        return new Triggers(settings);
    }

    private static Map<String, Object> consumer(Map<String, Object> kafka, Trigger trigger) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "stepstream.trigger." + trigger.name());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, trigger.from().offsetReset());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AT_ONCE);
        return config;
    }

    /** Waits until they are closed by another thread. */
    public void join() throws InterruptedException {
        closed.await();
    }

    /** Finishes what is being looked at, and commits it. */
    @Override
    public void close() {
        running.forEach(it -> it.loop().close());
        try {
            for (Running it : running) {
                it.thread().join(LONGEST_LEAVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            starter.close();
            producer.close(Duration.ofSeconds(5));
            closed.countDown();
        }
    }
}
