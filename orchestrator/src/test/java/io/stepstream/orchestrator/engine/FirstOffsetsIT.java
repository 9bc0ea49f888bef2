package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stepstream.local.LocalKafka;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an engine begins, on a real broker: from the first record if it is new, and nowhere if somebody has lost its place. */
final class FirstOffsetsIT {
    private static final String GROUP = "engine";
    private static final TopicPartition COMMANDS = new TopicPartition(Topics.COMMANDS, 0);

    private LocalKafka kafka;
    private Admin admin;
    private Map<TopicPartition, OffsetAndMetadata> begun;

    @BeforeEach
    void begins(@TempDir Path folder) throws Exception {
        kafka = LocalKafka.start(folder, 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Topics.create(admin, 1, (short) 1);
        new FirstOffsets(admin, GROUP).ensure();
        begun = new HashMap<>(offsets());
    }

    @AfterEach
    void close() {
        admin.close();
        kafka.close();
    }

    @Test
    void a_new_engine_begins_with_the_first_record_of_each_input() {
        assertThat(begun.keySet())
                .containsExactlyInAnyOrder(
                        COMMANDS, new TopicPartition(Topics.TASK_RESULTS, 0), new TopicPartition(Topics.INTERNAL, 0));
        assertThat(begun.values()).extracting(OffsetAndMetadata::offset).containsOnly(0L);
    }

    @Test
    void an_engine_that_has_stores_and_has_lost_its_place_does_not_begin() throws Exception {
        storeSomething();
        lose();
        assertThatIllegalStateException()
                .isThrownBy(() -> new FirstOffsets(admin, GROUP, Duration.ofMillis(1)).ensure())
                .withMessageStartingWith(
                        "the group engine has no offsets for [stepstream.commands-0], but its stores are not empty. ")
                .withMessageContaining("stop that broker in order and start it again")
                .withMessageContaining("kafka-consumer-groups.sh --group engine --reset-offsets --to-datetime");
        assertThat(offsets()).doesNotContainKey(COMMANDS);
    }

    @Test
    void a_place_that_is_known_again_a_little_later_is_taken() throws Exception {
        storeSomething();
        lose();
        var ensured = CompletableFuture.runAsync(() -> {
            try {
                new FirstOffsets(admin, GROUP).ensure();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        admin.alterConsumerGroupOffsets(GROUP, Map.of(COMMANDS, new OffsetAndMetadata(7)))
                .all()
                .get();
        ensured.get();
        assertThat(offsets()).containsEntry(COMMANDS, new OffsetAndMetadata(7));
    }

    private void storeSomething() throws Exception {
        var changelog = GROUP + '-' + EngineTopology.ROWS + "-changelog";
        admin.createTopics(List.of(new NewTopic(changelog, 1, (short) 1))).all().get();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(changelog, new byte[] {1}, new byte[] {1}))
                    .get();
        }
    }

    private void lose() throws Exception {
        admin.deleteConsumerGroupOffsets(GROUP, Set.of(COMMANDS)).all().get();
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() throws Exception {
        return admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
    }
}
