package io.stepstream.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {

    private static final String TOPIC = "letters";

    @TempDir
    Path folder;

    @Test
    void a_restart_keeps_the_data_and_the_offsets_go_on() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0)) {
            create(kafka);
            send(kafka, "a", "b");
            assertThat(read(kafka, 2)).containsExactly("a", "b");
        }
        try (LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0)) {
            send(kafka, "c");
            assertThat(read(kafka, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void a_share_consumer_reads_what_a_transaction_committed_and_not_what_one_aborted() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0)) {
            create(kafka);
            configureGroup(kafka, "sharers");
            try (KafkaProducer<String, String> producer = producer(kafka, Map.of("transactional.id", "writer"))) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "aborted"));
                producer.flush();
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "committed"));
                producer.commitTransaction();
            }
            assertThat(share(kafka, "sharers")).containsExactly("committed");
        }
    }

    @Test
    void a_port_in_use_is_one_clear_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalKafka.start(folder.resolve("kafka"), taken.getLocalPort()))
                    .isInstanceOf(LocalKafkaFailed.class)
                    .hasMessage("Port " + taken.getLocalPort()
                            + " on 127.0.0.1 is in use: stop what uses it, or choose another port for Kafka");
        }
    }

    @Test
    void a_folder_that_is_not_ours_is_left_alone() throws Exception {
        Path file = Files.writeString(folder.resolve("thesis.txt"), "do not delete");
        assertThatThrownBy(() -> LocalKafka.start(folder, 0))
                .isInstanceOf(LocalKafkaFailed.class)
                .hasMessageContaining("is not empty, and what is in it is no Kafka data of ours");
        assertThat(folder).isDirectoryContaining("glob:**/thesis.txt");
        Files.delete(file);
        Files.writeString(
                folder.resolve("meta.properties"), "version=1\ncluster.id=iWmzH0EBSJukT0FFkRVuJg\nnode.id=1\n");
        assertThatThrownBy(() -> LocalKafka.start(folder, 0))
                .isInstanceOf(LocalKafkaFailed.class)
                .hasMessageContaining("holds the data of another Kafka cluster (iWmzH0EBSJukT0FFkRVuJg)");
    }

    @Test
    void a_folder_in_use_is_one_clear_line() {
        try (LocalKafka kafka = LocalKafka.start(folder, 0)) {
            assertThatThrownBy(() -> LocalKafka.start(folder, 0))
                    .isInstanceOf(LocalKafkaFailed.class)
                    .hasMessageContaining("is in use");
            assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    private static void create(LocalKafka kafka) throws Exception {
        try (Admin admin = Admin.create(clients(kafka))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void configureGroup(LocalKafka kafka, String group) throws Exception {
        try (Admin admin = Admin.create(clients(kafka))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("share.isolation.level", "read_committed"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    private static void send(LocalKafka kafka, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(kafka, Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get();
            }
        }
    }

    private static List<String> read(LocalKafka kafka, int count) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(clients(kafka), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            Instant deadline = Instant.now().plusSeconds(20);
            while (values.size() < count && Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    private static List<String> share(LocalKafka kafka, String group) {
        Map<String, Object> config = new HashMap<>(clients(kafka));
        config.put("group.id", group);
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            List<String> values = new ArrayList<>();
            Instant deadline = Instant.now().plusSeconds(20);
            while (values.isEmpty() && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private static KafkaProducer<String, String> producer(LocalKafka kafka, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(clients(kafka));
        config.putAll(more);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static Map<String, Object> clients(LocalKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
