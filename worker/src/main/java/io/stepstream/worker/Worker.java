package io.stepstream.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.schemas.Brokers;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.registry.AwaitedRegistry;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.SchemaRegistry;
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
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Does tasks: takes the requests for the names it has handlers for, from any number of workers' shared group, and writes what became
 * of them. Handlers run on virtual threads. Closing it finishes what it holds, or gives it back to the other workers.
 *
 * <pre>{@code
 * try (var worker = Worker.builder().bootstrapServers("localhost:9092")
 *         .task("charge-card", (ChargeRequest in, TaskContext task) -> new Receipt(in.amount()))
 *         .start()) {
 *     worker.join();
 * }
 * }</pre>
 */
public final class Worker implements AutoCloseable {

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    private final Brokers brokers;
    private final List<Intake> intakes;
    private final Producer<byte[], byte[]> producer;
    private final ScheduledExecutorService heart;
    private final Duration grace;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Worker(Builder builder, String bootstrapServers) {
        Map<String, Object> kafka = ClientSettings.of(bootstrapServers, builder.kafka);
        grace = builder.grace;
        var registry = new HttpSchemaRegistry(builder.registry());
        register(new AwaitedRegistry(registry));
        brokers = new Brokers(() -> Admin.create(Map.copyOf(kafka)));
        Groups groups;
        try (Admin admin = Admin.create(Map.copyOf(kafka))) {
            groups = Groups.prepare(admin, brokers, builder.handlers.keySet());
        }
        producer = producer(kafka);
        heart = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("task-heartbeats").factory());
        var codec = new RecordCodec(registry);
        var answers = new KafkaAnswers(producer, codec, builder.name);
        List<Intake> made = new ArrayList<>();
        builder.services(codec, answers, this::beat, groups::deliveryLimit)
                .forEach((name, service) ->
                        made.add(groups.intake(kafka, name, service, builder.concurrency, builder.grace)));
        intakes = List.copyOf(made);
        intakes.forEach(Intake::open);
    }

    /** What is written is registered first: a schema that does not fit is told at the start, and later the registry may be away. */
    private static void register(SchemaRegistry registry) {
        registry.register(Topics.subject(Topics.TASK_RESULTS), TaskResult.getClassSchema());
        registry.register(Topics.subject(Topics.DEAD_LETTERS), DeadLetter.getClassSchema());
    }

    private Heart.Beating beat(Duration period, Runnable beat) {
        var beating = heart.scheduleAtFixedRate(beat, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return () -> beating.cancel(false);
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
        intakes.forEach(Intake::close);
        try {
            if (!ended(grace)) {
                for (Intake intake : intakes) {
                    intake.giveBack();
                }
                ended(LONGEST_LEAVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heart.shutdownNow();
            brokers.close();
            producer.close(LONGEST_LEAVE);
            closed.countDown();
        }
    }

    private boolean ended(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        for (Intake intake : intakes) {
            if (!intake.awaitEnd(deadline)) {
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

    /** Says which tasks a worker does, and for which Kafka. */
    public static final class Builder {

        private static final String REGISTRY_PROPERTY = "stepstream.registry";
        private static final String REGISTRY_VARIABLE = "STEPSTREAM_REGISTRY";
        private static final String REGISTRY_OF_DEV_MODE = "http://127.0.0.1:8081";

        private record Handler(JavaType inputType, TaskHandler<Object> handler) {}

        private final Map<String, Handler> handlers = new LinkedHashMap<>();
        private final Map<String, Object> kafka = new HashMap<>();
        private final List<TaskObserver> observers = new ArrayList<>();
        private Optional<String> bootstrapServers = Optional.empty();
        private Optional<URI> registry = Optional.empty();
        private String name = "worker-" + ProcessHandle.current().pid();
        private int concurrency = 8;
        private Duration grace = Duration.ofSeconds(10);
        private ObjectMapper json = JsonMapper.builder().findAndAddModules().build();

        private Builder() {}

        /** Kafka's addresses, as {@code host:port}, several separated by commas. */
        public Builder bootstrapServers(String servers) {
            this.bootstrapServers = Optional.of(servers);
            return this;
        }

        /**
         * The Confluent API of the schema registry. By default what the system property {@code stepstream.registry} says, or the
         * environment variable {@code STEPSTREAM_REGISTRY}, or else where dev mode has it: {@code http://127.0.0.1:8081}.
         */
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

        /** Is told of every request that a handler is called for; there may be several. */
        public Builder observer(TaskObserver observer) {
            observers.add(observer);
            return this;
        }

        /**
         * Adds a handler for the requests of one task name: a lambda whose parameters have types, or a method reference.
         *
         * @throws IllegalArgumentException if it does not tell what it takes, or the name has a handler already
         */
        public <I> Builder task(String taskName, TypedHandler<I> handler) {
            return add(taskName, json.getTypeFactory().constructType(InputType.of(taskName, handler)), handler);
        }

        /** Adds a handler for the requests of one task name. */
        public <I> Builder task(String taskName, Class<I> inputType, TaskHandler<? super I> handler) {
            return add(taskName, json.getTypeFactory().constructType(inputType), handler);
        }

        /** The same for an input whose type has arguments: {@code new TypeReference<List<Order>>() {}}. */
        public <I> Builder task(String taskName, TypeReference<I> inputType, TaskHandler<? super I> handler) {
            return add(taskName, json.getTypeFactory().constructType(inputType), handler);
        }

        /** A handler gets what Jackson has read as its type, which no cast can tell for a type with arguments. */
        @SuppressWarnings("unchecked")
        private Builder add(String taskName, JavaType inputType, TaskHandler<?> handler) {
            if (!Topics.isTaskName(taskName)) {
                throw new IllegalArgumentException(
                        "a task name is 1 to 80 visible characters without white space, not \"" + taskName + "\"");
            }
            if (handlers.putIfAbsent(taskName, new Handler(inputType, (TaskHandler<Object>) handler)) != null) {
                throw new IllegalArgumentException("task " + taskName + " has a handler already; give each name one");
            }
            return this;
        }

        /** How each name is served. */
        Map<String, Service> services(
                RecordCodec codec, Answers answers, Heart heart, ToIntFunction<String> deliveryLimits) {
            Map<String, Service> services = new LinkedHashMap<>();
            var observed = new Observers(observers);
            handlers.forEach((taskName, it) -> services.put(
                    taskName,
                    new Service(
                            it.inputType(),
                            it.handler(),
                            json,
                            codec,
                            answers,
                            heart,
                            observed,
                            deliveryLimits.applyAsInt(taskName))));
            return services;
        }

        ObjectMapper mapper() {
            return json;
        }

        private URI registry() {
            return registry.orElseGet(() -> URI.create(Optional.ofNullable(System.getProperty(REGISTRY_PROPERTY))
                    .or(() -> Optional.ofNullable(System.getenv(REGISTRY_VARIABLE)))
                    .orElse(REGISTRY_OF_DEV_MODE)));
        }

        /**
         * Joins the workers of these tasks.
         *
         * @throws io.stepstream.schemas.registry.IncompatibleSchema if the registry has schemas that this worker's do not fit
         * @throws io.stepstream.schemas.registry.RegistryUnavailable if the registry does not answer
         */
        public Worker start() {
            if (handlers.isEmpty()) {
                throw new IllegalStateException("the worker has no task; add one by task(name, handler)");
            }
            return new Worker(
                    this, bootstrapServers.orElseThrow(() -> new IllegalStateException("bootstrapServers is not set")));
        }
    }
}
