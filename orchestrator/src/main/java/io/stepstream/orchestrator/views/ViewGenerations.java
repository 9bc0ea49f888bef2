package io.stepstream.orchestrator.views;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ViewsGeneration;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The read sides that this instance keeps: one, and while it is being rebuilt the next one beside it. The topic of generations says
 * which there are and which one answers; this follows it.
 */
public final class ViewGenerations implements AutoCloseable {

    /** The one key of the topic. */
    static final String KEY = "generations";

    private static final Logger LOG = LoggerFactory.getLogger(ViewGenerations.class);
    private static final TopicPartition TOPIC = new TopicPartition(Topics.VIEWS, 0);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final ViewsSettings settings;
    private final HostInfo self;
    private final Consumer<Views> serve;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TreeMap<Integer, Views> running = new TreeMap<>();
    private final Thread following;
    private volatile Views serving;
    private volatile boolean isClosing;

    private ViewGenerations(ViewsSettings settings, HostInfo self, Consumer<Views> serve) {
        this.settings = settings;
        this.self = self;
        this.serve = serve;
        this.consumer = consumer(settings);
        this.following = Thread.ofPlatform().name("view-generations").daemon().unstarted(this::follow);
        var known = last(consumer, settings.codec()).orElse(first());
        known.getRunning().forEach(this::open);
        serving = open(known.getServing());
    }

    /**
     * Starts the read sides that there are; they answer once they are ready.
     *
     * @param self host and port of this instance's query API, by which the other instances reach it
     * @param serve is told which one answers, now and whenever that changes
     */
    public static ViewGenerations start(ViewsSettings settings, HostInfo self, Consumer<Views> serve) {
        var generations = new ViewGenerations(settings, self, serve);
        serve.accept(generations.serving);
        generations.following.start();
        return generations;
    }

    /** Where nobody has rebuilt anything yet. */
    static ViewsGeneration first() {
        return new ViewsGeneration(0, List.of(0), Instant.EPOCH);
    }

    static KafkaConsumer<byte[], byte[]> consumer(ViewsSettings settings) {
        Map<String, Object> config = new HashMap<>(settings.clients());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(TOPIC));
        consumer.seekToBeginning(List.of(TOPIC));
        return consumer;
    }

    /** What the topic says now; the consumer is at its end then. */
    static Optional<ViewsGeneration> last(KafkaConsumer<byte[], byte[]> consumer, RecordCodec codec) {
        long end = consumer.endOffsets(List.of(TOPIC)).getOrDefault(TOPIC, 0L);
        var last = Optional.<ViewsGeneration>empty();
        while (consumer.position(TOPIC) < end) {
            for (var record : consumer.poll(POLL)) {
                last = Optional.of(decode(record.value(), codec));
            }
        }
        return last;
    }

    private static ViewsGeneration decode(byte[] value, RecordCodec codec) {
        try {
            return codec.decode(value, ViewsGeneration.class);
        } catch (Undecodable e) {
            throw new IllegalStateException(
                    "a record of " + Topics.VIEWS + " cannot be read (" + e.getMessage()
                            + "): run 'views rebuild' of this version, which writes a new one",
                    e);
        }
    }

    private Views open(int generation) {
        return running.computeIfAbsent(generation, number -> Views.start(settings, self, number));
    }

    private void follow() {
        try (consumer) {
            while (!isClosing) {
                try {
                    for (var record : consumer.poll(POLL)) {
                        apply(decode(record.value(), settings.codec()));
                    }
                } catch (KafkaException | IllegalStateException e) {
                    if (!isClosing) {
                        LOG.error("The generations of the read side cannot be followed: {}", e.toString());
                        pause();
                    }
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(ViewsGeneration said) {
        LOG.info("The read side's generation is {}, running are {}", said.getServing(), said.getRunning());
        said.getRunning().forEach(this::open);
        serving = open(said.getServing());
        serve.accept(serving);
        var over = running.keySet().stream()
                .filter(generation ->
                        generation != said.getServing() && !said.getRunning().contains(generation))
                .toList();
        for (var generation : over) {
            var views = running.remove(generation);
            if (views != null) {
                views.close();
                views.forget();
            }
        }
    }

    /** Waits for the read side that answers to be there for the first time. */
    public void awaitReady(Duration atMost) throws InterruptedException, TimeoutException {
        serving.awaitReady(atMost);
    }

    @Override
    public void close() {
        isClosing = true;
        consumer.wakeup();
        try {
            following.join(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Set.copyOf(running.values()).forEach(Views::close);
    }
}
