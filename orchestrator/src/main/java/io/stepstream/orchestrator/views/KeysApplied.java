package io.stepstream.orchestrator.views;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Runs after the table's store has taken a key, or that it is gone. */
final class KeysApplied extends ContextualProcessor<String, byte[], Void, Void> {
    private final Progress progress;

    KeysApplied(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void process(Record<String, byte[]> key) {
        context()
                .recordMetadata()
                .ifPresent(at -> progress.applied(new TopicPartition(at.topic(), at.partition()), at.offset()));
    }
}
