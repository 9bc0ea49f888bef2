package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.orchestrator.views.avro.TaskEnd;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskChange;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the history index and the task view of history records. A record that comes again finds its rows there and changes
 * nothing, so that at-least-once delivery gives the same views as exactly-once would.
 */
final class HistoryView extends ContextualProcessor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryView.class);

    private final RecordCodec codec;
    private final Progress progress;
    private KeyValueStore<byte[], byte[]> index;
    private KeyValueStore<byte[], byte[]> tasks;
    private KeyValueStore<byte[], byte[]> mapRuns;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    HistoryView(RecordCodec codec, Progress progress) {
        this.codec = codec;
        this.progress = progress;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        index = context.getStateStore(ViewsTopology.HISTORY);
        tasks = context.getStateStore(ViewsTopology.TASKS);
        mapRuns = context.getStateStore(ViewsTopology.MAP_RUNS);
    }

    @Override
    public void process(Record<String, byte[]> stored) {
        var at = context().recordMetadata().orElseThrow();
        try {
            apply(stored.key(), codec.decode(stored.value(), HistoryRecord.class), at.offset());
        } catch (Undecodable e) {
            LOG.error("The history record at {} is left out of the views: {}", place(at), e.getMessage());
        }
        progress.applied(new TopicPartition(at.topic(), at.partition()), at.offset());
    }

    private void apply(String executionId, HistoryRecord record, long offset) {
        var events = record.getEvents();
        if (!events.isEmpty()) {
            var first = events.getFirst().getId();
            index.putIfAbsent(
                    ViewKeys.key(executionId, first),
                    ViewRows.bytes(new IndexedStep(record.getStep(), offset, first, events.size())));
        }
        MapRunView.apply(mapRuns, executionId, record);
        for (var change : record.getTasks()) {
            applyTask(ViewKeys.key(executionId, change.getTicket()), change, record, offset);
        }
    }

    private void applyTask(byte[] key, TaskChange change, HistoryRecord record, long offset) {
        var known = tasks.get(key);
        if (change.getChange().equals("REQUESTED")) {
            if (known == null) {
                tasks.put(key, ViewRows.bytes(requested(change, record, offset)));
            }
        } else if (known != null) {
            var task = ViewRows.task(known);
            if (task.getEnded() == null) {
                var end = new TaskEnd(
                        change.getChange(),
                        record.getNow(),
                        Decisions.in(record, change.getTicket()).orElse(null));
                tasks.put(
                        key,
                        ViewRows.bytes(TaskState.newBuilder(task).setEnded(end).build()));
            }
        }
    }

    private static TaskState requested(TaskChange change, HistoryRecord record, long offset) {
        return new TaskState(
                offset,
                change.getInput(),
                change.getName(),
                change.getState(),
                record.getNow(),
                change.getDeadline(),
                null);
    }

    private static String place(RecordMetadata at) {
        return at.topic() + "-" + at.partition() + " offset " + at.offset();
    }
}
