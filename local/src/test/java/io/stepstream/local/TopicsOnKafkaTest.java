package io.stepstream.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ClusterCheck;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsOnKafkaTest {

    @Test
    void topics_are_created_once_and_every_mismatch_is_told_in_words(@TempDir Path folder) throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(Topics.check(admin)).hasSize(11).allMatch(finding -> finding.contains(" is missing: create it"));

            Topics.create(admin, 4, (short) 1);
            Topics.createTask(admin, "mail", 2, (short) 1);
            assertThat(Topics.check(admin)).isEmpty();

            Topics.create(admin, 9, (short) 1);
            Topics.createTask(admin, "mail", 9, (short) 1);
            assertThat(Topics.check(admin))
                    .as("a second creation changes nothing")
                    .isEmpty();
            assertThat(groupConfig(admin, "stepstream.task-requests.mail"))
                    .containsEntry("share.auto.offset.reset", "earliest")
                    .containsEntry("share.isolation.level", "read_committed");

            set(admin, Topics.COMMANDS, "message.timestamp.type", "CreateTime");
            set(admin, Topics.HISTORY, "retention.ms", "1000");
            set(admin, Topics.VERDICTS, "retention.ms", "36000000");
            set(admin, Topics.taskRequests("mail"), "max.message.bytes", "1000");
            admin.createPartitions(Map.of(
                            Topics.TASK_RESULTS, NewPartitions.increaseTo(5),
                            Topics.DEFINITIONS, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            assertThat(findings(admin, 5))
                    .containsExactly(
                            "Topic stepstream.definitions has 2 partitions instead of 1: its order is lost; delete and create it"
                                    + " again, and deploy again",
                            "Topic stepstream.task-results has 5 partitions and stepstream.commands has 4: counts are fixed at"
                                    + " creation, and adding partitions moves executions away from their rows. Restore the topic"
                                    + " with the count it had",
                            "Topic stepstream.commands has message.timestamp.type=CreateTime, it takes LogAppendTime:"
                                    + " kafka-configs.sh --alter --entity-type topics --entity-name stepstream.commands"
                                    + " --add-config message.timestamp.type=LogAppendTime",
                            "Topic stepstream.history has retention.ms=1000, it takes -1: kafka-configs.sh --alter --entity-type"
                                    + " topics --entity-name stepstream.history --add-config retention.ms=-1",
                            "Topic stepstream.task-requests.mail has max.message.bytes=1000, it takes at least 2097152:"
                                    + " kafka-configs.sh --alter --entity-type topics --entity-name"
                                    + " stepstream.task-requests.mail --add-config max.message.bytes=2097152");
        }
    }

    @Test
    void what_is_wrong_with_brokers_and_groups_is_told_in_words(@TempDir Path folder) throws Exception {
        Map<String, String> careless = Map.of(
                "offsets.retention.minutes", "1440",
                "auto.create.topics.enable", "true",
                "offsets.topic.segment.bytes", "104857600");
        try (LocalKafka kafka = LocalKafka.start(folder, 0, careless);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, 2, (short) 1);
            Topics.createTask(admin, "mail", 2, (short) 1);
            ClusterCheck check = new ClusterCheck(admin);
            String offsets = "The brokers have offsets.retention.minutes=1440, and inputs are kept for ";
            String creation = "The brokers have auto.create.topics.enable=true: ";
            assertThat(check.findings())
                    .satisfiesExactly(
                            finding -> assertThat(finding)
                                    .startsWith(offsets)
                                    .endsWith("set it above 10080, as to 525600"),
                            finding -> assertThat(finding)
                                    .startsWith("The brokers have offsets.topic.segment.bytes=104857600: ")
                                    .endsWith("set it to 1048576"),
                            finding -> assertThat(finding).startsWith(creation).endsWith("set it to false"));

            // The first group that is asked for has the topic made, with what the brokers have.
            admin.listConsumerGroupOffsets("anybody").all().get();
            FeatureUpdate off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE);
            admin.updateFeatures(Map.of("share.version", off)).all().get();
            assertThat(check.findings())
                    .satisfiesExactly(
                            finding -> assertThat(finding).startsWith(offsets),
                            finding -> assertThat(finding)
                                    .startsWith("Topic __consumer_offsets has segment.bytes=104857600: ")
                                    .endsWith("kafka-configs.sh --alter --entity-type topics --entity-name"
                                            + " __consumer_offsets --add-config segment.bytes=1048576"),
                            finding -> assertThat(finding).startsWith(creation),
                            finding -> assertThat(finding)
                                    .startsWith("The cluster has no share groups (feature share.version): "
                                            + "kafka-features.sh upgrade --feature share.version=1; "));
        }
    }

    @Test
    void a_transaction_that_nobody_ends_is_told_with_its_partition(@TempDir Path folder) throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "t"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Topics.create(admin, 1, (short) 1);
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.HISTORY, 0, 1_000L, null, new byte[] {1}))
                    .get();
            assertThat(new ClusterCheck(admin).findings())
                    .singleElement()
                    .asString()
                    .startsWith("Partition stepstream.history-0 has an open transaction, from offset 0, of"
                            + " 1970-01-01T00:00:01Z: readers wait behind it. ");
            producer.abortTransaction();
            assertThat(new ClusterCheck(admin).findings()).isEmpty();
        }
    }

    @Test
    void the_worst_legal_record_is_taken_and_a_dead_letter_can_hold_it(@TempDir Path folder) throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "max.request.size",
                                Topics.MAX_REQUEST_BYTES),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Topics.create(admin, 1, (short) 1);
            byte[] worst = new byte[Topics.MAX_RECORD_BYTES - 1024];
            assertThat(producer.send(new ProducerRecord<>(Topics.HISTORY, worst))
                            .get()
                            .offset())
                    .isZero();
            byte[] letter = new byte[Topics.MAX_RECORD_BYTES + 64 * 1024];
            assertThat(producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS, letter))
                            .get()
                            .offset())
                    .isZero();
        }
    }

    @Test
    void a_topic_of_nobodys_is_not_looked_at(@TempDir Path folder) throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("orders", Optional.of(7), Optional.empty())))
                    .all()
                    .get();
            Topics.create(admin, 1, (short) 1);
            assertThat(Topics.check(admin)).isEmpty();
        }
    }

    /** The findings, once there are so many: changes reach the broker a little after the controller has taken them. */
    private static List<String> findings(Admin admin, int count) {
        Instant deadline = Instant.now().plusSeconds(15);
        List<String> findings = Topics.check(admin);
        while (findings.size() < count && Instant.now().isBefore(deadline)) {
            findings = Topics.check(admin);
        }
        return findings;
    }

    private static void set(Admin admin, String topic, String key, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static Map<String, String> groupConfig(Admin admin, String group) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }
}
