package io.stepstream.orchestrator.views;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs after the table's store has taken a status: keeps the lists, and tells those who wait. */
final class ExecutionsApplied extends ContextualProcessor<String, byte[], Void, Void> {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutionsApplied.class);

    private final RecordCodec codec;
    private final Progress progress;
    private final Watches watches;
    private KeyValueStore<byte[], byte[]> lists;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    ExecutionsApplied(RecordCodec codec, Progress progress, Watches watches) {
        this.codec = codec;
        this.progress = progress;
        this.watches = watches;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        lists = context.getStateStore(ViewsTopology.LISTS);
    }

    @Override
    public void process(Record<String, byte[]> status) {
        if (status.value() == null) {
            ExecutionList.forget(lists, status.key());
        } else {
            try {
                ExecutionList.apply(lists, status.key(), codec.decode(status.value(), ExecutionStatus.class));
            } catch (Undecodable e) {
                LOG.error("The status of {} is left out of the lists: {}", status.key(), e.getMessage());
            }
        }
        watches.changed(status.key());
        context()
                .recordMetadata()
                .ifPresent(at -> progress.applied(new TopicPartition(at.topic(), at.partition()), at.offset()));
    }
}
