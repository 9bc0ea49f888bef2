package io.stepstream.orchestrator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.local.LocalKafka;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for workers, as the brokers tell it: for those of a share group, of a classic group, and for none at all; and what transactions hold back. */
class ClusterMetersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String WAITING = "stepstream.task.requests.waiting";
    private static final String AGE = "stepstream.task.requests.oldest.age";
    private static final String LAG = "stepstream.lso.lag";

    @TempDir
    Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private LocalKafka kafka;
    private Admin admin;
    private Map<String, Object> clients;

    @BeforeEach
    void start() {
        kafka = LocalKafka.start(folder, 0);
        clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(clients);
        Topics.create(admin, 1, (short) 1);
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void whatNobodyHasEverTakenWaitsAndWhatAShareGroupHasDoneDoesNot() throws Exception {
        request("pay", 3);
        Topics.createTask(admin, "idle", 1, (short) 1);
        try (var asking = asking()) {
            await(WAITING, "pay", 3);
            await(AGE, "pay", age -> age > 0);
            await(WAITING, "idle", 0);
            await(AGE, "idle", 0);

            try (var worker = worker("pay")) {
                for (int done = 0; done < 3; done++) {
                    finish(worker, taken(worker));
                }
            }
            await(WAITING, "pay", 0);
        }
    }

    @Test
    void whatIsDoneDoesNotWaitThoughTheMarkerOfItsTransactionIsBehindIt() throws Exception {
        Topics.createTask(admin, "pay", 1, (short) 1);
        Map<String, Object> transactional =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "engine");
        try (var producer = new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
                var worker = worker("pay");
                var asking = asking()) {
            producer.initTransactions();
            var pay = new ProducerRecord<byte[], byte[]>(Topics.taskRequests("pay"), new byte[] {1});
            for (var request = 1; request <= 3; request++) {
                committed(producer, pay);
                await(AGE, "pay", age -> age > 0);
                finish(worker, taken(worker));
                await(AGE, "pay", age -> age == 0);
                await(WAITING, "pay", 0);
            }
            // Taken and not done: it waits, also when what came later is done.
            committed(producer, pay);
            var held = taken(worker);
            committed(producer, pay);
            try (var another = worker("pay")) {
                finish(another, taken(another));
                await(AGE, "pay", age -> age > 3);
            }
            finish(worker, held);
            await(AGE, "pay", age -> age == 0);
        }
    }

    @Test
    void whatAnOpenTransactionHoldsBackIsToldUntilItEnds() throws Exception {
        Map<String, Object> transactional =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "hangs");
        try (var hanging = new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
                var asking = asking()) {
            await(LAG, Topics.INTERNAL, 0);
            hanging.initTransactions();
            hanging.beginTransaction();
            hanging.send(new ProducerRecord<>(Topics.INTERNAL, new byte[] {1})).get();
            send(Topics.INTERNAL, 2);
            await(LAG, Topics.INTERNAL, 3);
            hanging.abortTransaction();
            await(LAG, Topics.INTERNAL, 0);
        }
    }

    private static ConsumerRecords<byte[], byte[]> taken(KafkaShareConsumer<byte[], byte[]> worker) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var taken = worker.poll(Duration.ofSeconds(1));
            if (!taken.isEmpty()) {
                return taken;
            }
            assertThat(System.nanoTime()).as("a request comes to a worker").isLessThan(until);
        }
    }

    private static void finish(KafkaShareConsumer<byte[], byte[]> worker, ConsumerRecords<byte[], byte[]> taken) {
        taken.forEach(worker::acknowledge);
        worker.commitSync();
    }

    private static void committed(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> request) {
        producer.beginTransaction();
        producer.send(request);
        producer.commitTransaction();
    }

    @Test
    void whereBrokersHaveNoShareGroupsClassicOnesAreAskedAndTheRestIsToldToo() throws Exception {
        var off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE);
        admin.updateFeatures(Map.of("share.version", off)).all().get();
        request("pay", 3);
        try (var asking = asking()) {
            await(WAITING, "pay", 3);
            await(AGE, "pay", age -> age > 0);

            Map<String, Object> config =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", Topics.classicWorkerGroup("pay"));
            try (var worker = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                worker.commitSync(Map.of(new TopicPartition(Topics.taskRequests("pay"), 0), new OffsetAndMetadata(2)));
            }
            await(WAITING, "pay", 1);
            // Asked for after the requests, of which there are several answers by now.
            assertThat(meters.get("stepstream.dead.letters.end").gauge().value())
                    .isZero();
            await(LAG, Topics.INTERNAL, 0);
        }
    }

    private KafkaShareConsumer<byte[], byte[]> worker(String task) {
        // As the gateway's and the workers' are: one request at a time, and so not the marker behind it.
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                Topics.workerGroup(task),
                "share.acknowledgement.mode",
                "explicit",
                "share.acquire.mode",
                "record_limit",
                "max.poll.records",
                1);
        var worker = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        worker.subscribe(List.of(Topics.taskRequests(task)));
        return worker;
    }

    private AutoCloseable asking() {
        return ClusterMeters.start(new Meters(meters), admin, clients, Duration.ofMillis(50));
    }

    private void request(String task, int times) throws Exception {
        Topics.createTask(admin, task, 1, (short) 1);
        send(Topics.taskRequests(task), times);
    }

    private void send(String topic, int times) throws Exception {
        try (var producer = new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < times; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
            }
        }
    }

    /** @param of the task's name or the topic's; all meters here have one tag */
    private double value(String meter, String of) {
        return meters.find(meter).gauges().stream()
                .filter(gauge -> gauge.getId().getTags().getFirst().getValue().equals(of))
                .findFirst()
                .map(Gauge::value)
                .orElse(-1.0);
    }

    private void await(String meter, String of, double wanted) {
        await(meter, of, value -> value == wanted);
    }

    private void await(String meter, String of, DoublePredicate wanted) {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(value(meter, of))) {
            assertThat(System.nanoTime())
                    .as("%s of %s stays at %s", meter, of, value(meter, of))
                    .isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
