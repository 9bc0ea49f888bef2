package io.stepstream.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Does tasks: takes the requests for the names it has handlers for, from any number of workers' shared group, and writes what became
 * of them. Handlers run on virtual threads. Closing it finishes what it holds, or gives it back to the other workers.
 *
 * <pre>{@code
 * try (var worker = Worker.builder().bootstrapServers("localhost:9092").registry(URI.create("http://localhost:8081"))
 *         .task("charge-card", ChargeRequest.class, (in, task) -> new Receipt(in.amount()))
 *         .start()) {
 *     worker.join();
 * }
 * }</pre>
 */
public final class Worker implements AutoCloseable {

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    private final List<Lanes> tasks = new ArrayList<>();
    private final Producer<byte[], byte[]> producer;
    private final ScheduledExecutorService heart;
    private final Duration grace;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Worker(Builder builder, String bootstrapServers, URI registry) {
        Map<String, Object> kafka = new HashMap<>(builder.kafka);
        kafka.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        grace = builder.grace;
        Map<String, Integer> deliveryLimits;
        try (Admin admin = Admin.create(Map.copyOf(kafka))) {
            deliveryLimits = ShareGroups.prepare(admin, builder.handlers.keySet());
        }
        producer = producer(kafka);
        heart = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("task-heartbeats").factory());
        var codec = new RecordCodec(new HttpSchemaRegistry(registry));
        var answers = new Answers(producer, codec, builder.name);
        builder.handlers.forEach((name, handler) -> {
            var service = handler.service(builder.json, codec, answers, heart, deliveryLimits.getOrDefault(name, 0));
            tasks.add(new Lanes(Topics.taskRequests(name), () -> consumer(kafka, name), service, builder.concurrency));
        });
        tasks.forEach(Lanes::open);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Waits until the worker is closed by another thread. */
    public void join() throws InterruptedException {
        closed.await();
    }

    /** Takes no more requests, waits as long as the builder's grace for those it has, and gives back the rest. */
    @Override
    public void close() {
        tasks.forEach(Lanes::close);
        try {
            if (!ended(grace)) {
                for (Lanes lanes : tasks) {
                    lanes.giveBack();
                }
                ended(LONGEST_LEAVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heart.shutdownNow();
            producer.close(LONGEST_LEAVE);
            closed.countDown();
        }
    }

    private boolean ended(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        for (Lanes lanes : tasks) {
            if (!lanes.awaitEnd(deadline)) {
                return false;
            }
        }
        return true;
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ShareConsumer<byte[], byte[]> consumer(Map<String, Object> kafka, String name) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.workerGroup(name));
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // One request at a time and none fetched ahead: a lock begins when the handler does.
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private record Handler<I>(Class<I> inputType, TaskHandler<? super I> handler) {
        Delivery.Service<I> service(
                ObjectMapper json,
                RecordCodec codec,
                Answers answers,
                ScheduledExecutorService heart,
                int deliveryLimit) {
            return new Delivery.Service<>(inputType, handler, json, codec, answers, heart, deliveryLimit);
        }
    }

    /** Says which tasks a worker does, and for which Kafka. */
    public static final class Builder {

        private final Map<String, Handler<?>> handlers = new LinkedHashMap<>();
        private final Map<String, Object> kafka = new HashMap<>();
        private Optional<String> bootstrapServers = Optional.empty();
        private Optional<URI> registry = Optional.empty();
        private String name = "worker-" + ProcessHandle.current().pid();
        private int concurrency = 8;
        private Duration grace = Duration.ofSeconds(10);
        private ObjectMapper json = JsonMapper.builder().findAndAddModules().build();

        private Builder() {}

        public Builder bootstrapServers(String servers) {
            this.bootstrapServers = Optional.of(servers);
            return this;
        }

        /** The Confluent API of the schema registry. */
        public Builder registry(URI uri) {
            this.registry = Optional.of(uri);
            return this;
        }

        /** How this worker is called in histories and dead letters; by default its process id. */
        public Builder name(String workerName) {
            this.name = workerName;
            return this;
        }

        /** How many requests of each name are served at once; by default 8. */
        public Builder concurrency(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("concurrency is " + most + "; it must be 1 or more");
            }
            this.concurrency = most;
            return this;
        }

        /** How long closing waits for handlers that still run; by default 10 seconds. */
        public Builder grace(Duration longest) {
            this.grace = longest;
            return this;
        }

        /** Reads inputs and writes outputs. */
        public Builder json(ObjectMapper mapper) {
            this.json = mapper;
            return this;
        }

        /** A setting for every Kafka client of the worker, such as security. */
        public Builder kafka(String key, Object value) {
            kafka.put(key, value);
            return this;
        }

        /** Adds a handler for the requests of one task name. */
        public <I> Builder task(String taskName, Class<I> inputType, TaskHandler<? super I> handler) {
            if (handlers.putIfAbsent(taskName, new Handler<>(inputType, handler)) != null) {
                throw new IllegalArgumentException("task " + taskName + " has a handler already; give each name one");
            }
            return this;
        }

        /** Joins the workers of these tasks. */
        public Worker start() {
            if (handlers.isEmpty()) {
                throw new IllegalStateException("the worker has no task; add one by task(name, type, handler)");
            }
            return new Worker(
                    this,
                    bootstrapServers.orElseThrow(() -> new IllegalStateException("bootstrapServers is not set")),
                    registry.orElseThrow(() -> new IllegalStateException("registry is not set")));
        }
    }
}
