package io.stepstream.orchestrator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.stepstream.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only the brokers know, asked for at intervals: what waits in task topics for a worker and since when, how far open transactions
 * hold readers back, and whether anything was given up, by whomever. Every instance tells the same.
 */
public final class ClusterMeters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMeters.class);
    /** How often to ask: Prometheus' usual interval. */
    public static final Duration EVERY = Duration.ofSeconds(15);

    private static final Duration ASK_WITHIN = Duration.ofSeconds(5);
    private static final List<String> INPUTS = List.of(Topics.COMMANDS, Topics.TASK_RESULTS, Topics.INTERNAL);

    private final Admin admin;
    private final Map<String, Object> clients;
    private final Clock clock;
    private final MultiGauge waiting;
    private final MultiGauge oldest;
    private final MultiGauge held;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cluster-meters").factory());

    /** No number until it was asked for: from 0 it would seem to have moved. */
    private volatile double deadLetters = Double.NaN;

    /** @param clients settings of Kafka clients, with the brokers' addresses */
    private ClusterMeters(Meters meters, Admin admin, Map<String, Object> clients, Clock clock) {
        this.admin = admin;
        this.clients = clients;
        this.clock = clock;
        waiting = MultiGauge.builder("stepstream.task.requests.waiting")
                .description("requests that no worker has finished")
                .register(meters.registry());
        oldest = MultiGauge.builder("stepstream.task.requests.oldest.age")
                .description("age of the oldest request that no worker has finished")
                .baseUnit("seconds")
                .register(meters.registry());
        held = MultiGauge.builder("stepstream.lso.lag")
                .description("records that readers may not see yet, since a transaction before them is open")
                .register(meters.registry());
        Gauge.builder("stepstream.dead.letters.end", this, meter -> meter.deadLetters)
                .description("end of the dead letters' topic, which moves when anybody gives something up")
                .register(meters.registry());
    }

    /** Starts to ask, at intervals. */
    public static ClusterMeters start(Meters meters, Admin admin, Map<String, Object> clients, Duration every) {
        var started = new ClusterMeters(meters, admin, clients, Clock.systemUTC());
        started.asking.scheduleWithFixedDelay(started::ask, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return started;
    }

    private interface Question {
        void ask() throws ExecutionException, TimeoutException, InterruptedException;
    }

    /** Each by itself: brokers that have no share groups tell the rest. */
    private void ask() {
        answered(this::askRequests);
        answered(this::askTransactions);
        answered(this::askDeadLetters);
    }

    private static void answered(Question question) {
        try {
            question.ask();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // Whatever it is, also a topic that somebody else named: an exception out of here would end the asking for
            // good.
            LOG.warn("the brokers do not tell what the cluster's meters ask for: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Requests of a partition that no worker has finished.
     *
     * @param from where they begin
     * @param records how many there are from there; markers of transactions may be among them
     * @param done records from there on that are done all the same
     */
    private record Unfinished(long from, long records, long done) {
        static Unfinished between(long begin, long end) {
            return new Unfinished(begin, end - begin, 0);
        }

        long end() {
            return from + records + done;
        }

        /** From here on there is a request if any waits: what else is not done are markers behind the last request. */
        long tail() {
            return from + done;
        }
    }

    private void askRequests() throws ExecutionException, InterruptedException, TimeoutException {
        var topics = within(admin.listTopics().names()).stream()
                .filter(topic -> topic.startsWith(Topics.TASK_REQUESTS_PREFIX))
                .limit(Meters.MOST_VALUES)
                .collect(Collectors.toSet());
        var rows = new ArrayList<MultiGauge.Row<?>>();
        var ages = new ArrayList<MultiGauge.Row<?>>();
        if (!topics.isEmpty()) {
            var unfinished = unfinished(topics);
            unfinished.values().removeIf(requests -> requests.records() <= 0);
            var now = clock.millis();
            var times = firstTimes(unfinished, Unfinished::tail);
            unfinished.keySet().retainAll(times.keySet());
            var partlyDone = new HashMap<>(unfinished);
            partlyDone.values().removeIf(requests -> requests.done() == 0);
            times.putAll(firstTimes(partlyDone, Unfinished::from));
            topics.forEach(topic -> {
                var task = Tags.of("task", Topics.taskName(topic));
                rows.add(MultiGauge.Row.of(
                        task,
                        unfinished.entrySet().stream()
                                .filter(entry -> entry.getKey().topic().equals(topic))
                                .mapToLong(entry -> entry.getValue().records())
                                .sum()));
                var first = times.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().equals(topic))
                        .mapToLong(Map.Entry::getValue)
                        .min();
                var age = first.isPresent() ? Math.max(0, now - first.getAsLong()) / 1000.0 : 0;
                ages.add(MultiGauge.Row.of(task, age));
            });
        }
        waiting.register(rows, true);
        oldest.register(ages, true);
    }

    private Map<TopicPartition, Unfinished> unfinished(Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return ofShareGroups(topics);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
                return ofClassicGroups(topics);
            }
            throw e;
        }
    }

    /** A task's share group is named as its topic. */
    private Map<TopicPartition, Unfinished> ofShareGroups(Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, ListShareGroupOffsetsSpec> groups =
                topics.stream().collect(Collectors.toMap(topic -> topic, _ -> new ListShareGroupOffsetsSpec()));
        // Before the group is asked: what comes in between is rather taken to wait than to be done.
        var everything = everything(topics);
        var told = within(admin.listShareGroupOffsets(groups).all());
        var unfinished = new HashMap<TopicPartition, Unfinished>();
        var untold = new HashSet<String>();
        told.forEach((group, offsets) -> {
            if (offsets.isEmpty()) {
                untold.add(group);
            }
            offsets.forEach((partition, info) -> {
                if (info == null) {
                    untold.add(group);
                } else {
                    var all = everything.get(partition);
                    var lag = info.lag().orElse(0L);
                    var done = all == null ? 0 : Math.max(0, all.end() - info.startOffset() - lag);
                    unfinished.put(partition, new Unfinished(info.startOffset(), lag, done));
                }
            });
        });
        everything.forEach((partition, all) -> {
            if (untold.contains(partition.topic())) {
                unfinished.putIfAbsent(partition, all);
            }
        });
        return unfinished;
    }

    /** Where brokers have no share groups: a worker commits the oldest request that is not done. */
    private Map<TopicPartition, Unfinished> ofClassicGroups(Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = topics.stream()
                .collect(Collectors.toMap(
                        topic -> Topics.classicWorkerGroup(Topics.taskName(topic)),
                        _ -> new ListConsumerGroupOffsetsSpec()));
        var unfinished = everything(topics);
        within(admin.listConsumerGroupOffsets(groups).all())
                .values()
                .forEach(told -> told.forEach((partition, committed) -> {
                    if (committed != null) {
                        unfinished.computeIfPresent(
                                partition, (_, all) -> Unfinished.between(committed.offset(), all.end()));
                    }
                }));
        return unfinished;
    }

    /** Of a group that has never read a partition the brokers tell nothing: all that is there waits. */
    private Map<TopicPartition, Unfinished> everything(Set<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        var everything = new HashMap<TopicPartition, Unfinished>();
        if (topics.isEmpty()) {
            return everything;
        }
        var partitions = partitions(topics);
        var begins = within(
                admin.listOffsets(asking(partitions, OffsetSpec.earliest())).all());
        within(admin.listOffsets(asking(partitions, OffsetSpec.latest())).all()).forEach((partition, end) -> {
            var begin = begins.get(partition);
            if (begin != null) {
                everything.put(partition, Unfinished.between(begin.offset(), end.offset()));
            }
        });
        return everything;
    }

    private Set<TopicPartition> partitions(Collection<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        var partitions = new HashSet<TopicPartition>();
        within(admin.describeTopics(topics).allTopicNames())
                .forEach((name, topic) -> IntStream.range(0, topic.partitions().size())
                        .forEach(partition -> partitions.add(new TopicPartition(name, partition))));
        return partitions;
    }

    private static Map<TopicPartition, OffsetSpec> asking(Set<TopicPartition> partitions, OffsetSpec spec) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec));
    }

    /** The append time of the first record at or behind an offset of each partition, where there is one. */
    private Map<TopicPartition, Long> firstTimes(
            Map<TopicPartition, Unfinished> unfinished, ToLongFunction<Unfinished> begin)
            throws ExecutionException, InterruptedException, TimeoutException {
        var times = new HashMap<TopicPartition, Long>();
        if (unfinished.isEmpty()) {
            return times;
        }
        var ends = within(admin.listOffsets(
                        asking(unfinished.keySet(), OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
        var config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, unfinished.size());
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(unfinished.keySet());
            unfinished.forEach((partition, requests) -> consumer.seek(partition, begin.applyAsLong(requests)));
            var until = System.nanoTime() + ASK_WITHIN.toNanos();
            while (!consumer.assignment().equals(consumer.paused())) {
                if (System.nanoTime() > until) {
                    throw new TimeoutException("the task topics could not be read within " + ASK_WITHIN);
                }
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var partition = new TopicPartition(record.topic(), record.partition());
                    times.putIfAbsent(partition, record.timestamp());
                    consumer.pause(List.of(partition));
                }
                ends.forEach((partition, end) -> {
                    if (consumer.position(partition) >= end.offset()) {
                        consumer.pause(List.of(partition));
                    }
                });
            }
        }
        return times;
    }

    private void askTransactions() throws ExecutionException, InterruptedException, TimeoutException {
        var latest = asking(partitions(INPUTS), OffsetSpec.latest());
        var ends = within(admin.listOffsets(latest).all());
        var committed = within(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
        var lags = new HashMap<String, Long>();
        committed.forEach((partition, stable) -> {
            var end = ends.get(partition);
            lags.merge(partition.topic(), end == null ? 0 : Math.max(0, end.offset() - stable.offset()), Long::sum);
        });
        held.register(
                lags.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                lag -> MultiGauge.Row.of(Tags.of("topic", lag.getKey()), lag.getValue()))
                        .toList(),
                true);
    }

    private void askDeadLetters() throws ExecutionException, InterruptedException, TimeoutException {
        var topic = new TopicPartition(Topics.DEAD_LETTERS, 0);
        deadLetters = within(
                        admin.listOffsets(Map.of(topic, OffsetSpec.latest())).partitionResult(topic))
                .offset();
    }

    private static <T> T within(KafkaFuture<T> asked)
            throws ExecutionException, InterruptedException, TimeoutException {
        return asked.get(ASK_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        asking.shutdownNow();
    }
}
