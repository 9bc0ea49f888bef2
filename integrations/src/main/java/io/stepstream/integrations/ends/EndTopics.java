package io.stepstream.integrations.ends;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineResource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that state machines name for their executions' ends: by the tag {@value #TAG}. */
final class EndTopics {

    /** A tag, so that any AWS client sets it, changes it without another revision, and takes it away. */
    static final String TAG = "stepstream:executions-topic";

    private static final Logger LOG = LoggerFactory.getLogger(EndTopics.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final RecordCodec codec;
    private final List<TopicPartition> partitions;
    private final Map<String, String> topics = new HashMap<>();

    /** @param consumer of nobody else, read committed */
    EndTopics(Consumer<byte[], byte[]> consumer, RecordCodec codec) {
        this.consumer = consumer;
        this.codec = codec;
        this.partitions = consumer.partitionsFor(Topics.DEFINITIONS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what was said of state machines until now. */
    void catchUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
            consumer.poll(POLL).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            if (codec.decode(record.value(), Definition.class).getBody() instanceof StateMachineResource machine) {
                String topic = machine.getTags().get(TAG);
                if (topic == null) {
                    topics.remove(machine.getStateMachineArn());
                } else {
                    topics.put(machine.getStateMachineArn(), topic);
                }
            }
        } catch (Undecodable e) {
            LOG.warn("A definition at offset {} cannot be read; its tags are not known", record.offset(), e);
        }
    }

    /** What this state machine names. */
    Optional<String> of(String stateMachineArn) {
        return Optional.ofNullable(topics.get(stateMachineArn));
    }
}
