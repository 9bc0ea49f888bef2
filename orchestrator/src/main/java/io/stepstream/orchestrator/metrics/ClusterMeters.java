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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
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

    private void ask() {
        try {
            askRequests();
            askTransactions();
            askDeadLetters();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // Whatever it is, also a topic that somebody else named: an exception out of here would end the asking for
            // good.
            LOG.warn("the brokers do not tell what the cluster's meters ask for: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A task's share group is named as its topic. */
    private void askRequests() throws ExecutionException, InterruptedException, TimeoutException {
        var groups = new HashMap<String, ListShareGroupOffsetsSpec>();
        within(admin.listTopics().names()).stream()
                .filter(topic -> topic.startsWith(Topics.TASK_REQUESTS_PREFIX))
                .limit(Meters.MOST_VALUES)
                .forEach(topic -> groups.put(topic, new ListShareGroupOffsetsSpec()));
        var rows = new ArrayList<MultiGauge.Row<?>>();
        var ages = new ArrayList<MultiGauge.Row<?>>();
        if (!groups.isEmpty()) {
            var told = within(admin.listShareGroupOffsets(groups).all());
            var begins = new HashMap<TopicPartition, Long>();
            told.forEach((group, offsets) -> {
                var task = Tags.of("task", Topics.taskName(group));
                rows.add(MultiGauge.Row.of(task, lag(offsets.values())));
                offsets.forEach((partition, info) -> {
                    if (info != null && info.lag().orElse(0L) > 0) {
                        begins.put(partition, info.startOffset());
                    }
                });
            });
            var now = clock.millis();
            var times = firstTimes(begins);
            told.keySet().forEach(group -> {
                var first = times.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().equals(group))
                        .mapToLong(Map.Entry::getValue)
                        .min();
                var age = first.isPresent() ? Math.max(0, now - first.getAsLong()) / 1000.0 : 0;
                ages.add(MultiGauge.Row.of(Tags.of("task", Topics.taskName(group)), age));
            });
        }
        waiting.register(rows, true);
        oldest.register(ages, true);
    }

    private static long lag(Collection<SharePartitionOffsetInfo> offsets) {
        return offsets.stream()
                .filter(info -> info != null)
                .mapToLong(info -> info.lag().orElse(0L))
                .sum();
    }

    /** The append time of the first record at or behind each offset. */
    private Map<TopicPartition, Long> firstTimes(Map<TopicPartition, Long> begins) {
        var times = new HashMap<TopicPartition, Long>();
        if (begins.isEmpty()) {
            return times;
        }
        var config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, begins.size());
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(begins.keySet());
            begins.forEach(consumer::seek);
            var until = System.nanoTime() + ASK_WITHIN.toNanos();
            while (!consumer.assignment().equals(consumer.paused()) && System.nanoTime() < until) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var partition = new TopicPartition(record.topic(), record.partition());
                    times.putIfAbsent(partition, record.timestamp());
                    consumer.pause(List.of(partition));
                }
            }
        }
        return times;
    }

    private void askTransactions() throws ExecutionException, InterruptedException, TimeoutException {
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        within(admin.describeTopics(INPUTS).allTopicNames())
                .forEach((name, topic) -> IntStream.range(0, topic.partitions().size())
                        .forEach(partition -> latest.put(new TopicPartition(name, partition), OffsetSpec.latest())));
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
