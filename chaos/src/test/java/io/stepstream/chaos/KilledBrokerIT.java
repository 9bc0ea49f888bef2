package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.server.NodeProcess;
import io.stepstream.load.Child;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The only broker is killed while transactions are being committed. Kafka's own start leaves some of them open for good in some
 * partitions, and whoever reads what is committed waits there for ever (ADR 0063).
 */
final class KilledBrokerIT {
    private static final int PRODUCERS = 8;
    private static final int PARTITIONS = 24;
    private static final int COMMITS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long START_SECONDS = 60;
    private static final Set<TransactionState> ONGOING =
            EnumSet.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    @TempDir
    private Path folder;

    @Test
    void each_transaction_ends_in_each_of_its_partitions() throws Exception {
        var ports = new int[] {freePort(), freePort()};
        var topic = new NewTopic("t", PARTITIONS, (short) 1);
        var producers = new ArrayList<KafkaProducer<byte[], byte[]>>();
        try (var first = broker(0, ports)) {
            first.said("ready", START_SECONDS);
            try (var admin = admin(ports)) {
                admin.createTopics(List.of(topic)).all().get();
            }
            var commits = new CountDownLatch(COMMITS);
            var threads = new ArrayList<Thread>();
            for (var i = 0; i < PRODUCERS; i++) {
                var producer = producer(ports, "p" + i);
                producers.add(producer);
                threads.add(Thread.ofPlatform().daemon().start(() -> commit(producer, commits)));
            }
            commits.await();
            first.kill();
            producers.forEach(producer -> producer.close(Duration.ZERO));
            for (var thread : threads) {
                thread.join();
            }
        }
        try (var second = broker(1, ports);
                var admin = admin(ports)) {
            second.said("ready", START_SECONDS);
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (!allHaveEnded(admin)) {
                assertThat(System.nanoTime())
                        .as("transactions end within %s", PATIENCE)
                        .isLessThan(until);
            }
            assertThat(open(admin)).isEmpty();
        }
    }

    private Child broker(int start, int[] ports) {
        return Child.start(
                "broker-" + start,
                folder.resolve("log"),
                List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                NodeProcess.class,
                List.of(
                        "kvQsGOs-SYm8lB1tD7ZG0g",
                        "1",
                        folder.resolve("data").toString(),
                        "" + ports[0],
                        "" + ports[1],
                        "1@127.0.0.1:" + ports[1],
                        "1"));
    }

    private static void commit(KafkaProducer<byte[], byte[]> producer, CountDownLatch commits) {
        try {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                IntStream.range(0, PARTITIONS)
                        .forEach(
                                partition -> producer.send(new ProducerRecord<>("t", partition, null, new byte[] {1})));
                producer.commitTransaction();
                commits.countDown();
            }
        } catch (KafkaException | IllegalStateException e) {
            // Its broker is gone, or it has been closed: what it had begun is the broker's to end.
        }
    }

    private static Map<String, Object> client(int[] ports) {
        return new HashMap<>(Map.of("bootstrap.servers", "127.0.0.1:" + ports[0]));
    }

    private static Admin admin(int[] ports) {
        return Admin.create(client(ports));
    }

    private static KafkaProducer<byte[], byte[]> producer(int[] ports, String id) {
        var config = client(ports);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 5000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** By their coordinator, once it has loaded them all. */
    private static boolean allHaveEnded(Admin admin) throws Exception {
        var transactions = admin.listTransactions().all().get();
        return transactions.size() == PRODUCERS
                && transactions.stream().map(TransactionListing::state).noneMatch(ONGOING::contains);
    }

    /** Partitions that have the beginning of a transaction and not its end. */
    private static List<String> open(Admin admin) throws Exception {
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition("t", partition))
                .toList();
        var found = new ArrayList<String>();
        admin.describeProducers(partitions)
                .all()
                .get()
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .forEach(producer -> found.add(partition + ": " + producer)));
        return found;
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
