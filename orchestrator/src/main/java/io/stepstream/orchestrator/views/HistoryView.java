package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.orchestrator.views.avro.TaskEnd;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskChange;
import java.time.Duration;
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
    private final Meters meters;
    private final Progress progress;
    private final Watches watches;
    private KeyValueStore<byte[], byte[]> index;
    private KeyValueStore<byte[], byte[]> tasks;
    private KeyValueStore<byte[], byte[]> mapRuns;
    private KeyValueStore<byte[], byte[]> approvals;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    HistoryView(RecordCodec codec, Meters meters, Progress progress, Watches watches) {
        this.codec = codec;
        this.meters = meters;
        this.progress = progress;
        this.watches = watches;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        index = context.getStateStore(ViewsTopology.HISTORY);
        tasks = context.getStateStore(ViewsTopology.TASKS);
        mapRuns = context.getStateStore(ViewsTopology.MAP_RUNS);
        approvals = context.getStateStore(ViewsTopology.APPROVALS);
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
        meters.step(Arns.stateMachineName(record.getExecutionArn()));
        MapRunView.apply(mapRuns, executionId, record);
        for (var change : record.getTasks()) {
            applyTask(executionId, change, record, offset);
        }
        watches.changed(executionId);
    }

    private void applyTask(String executionId, TaskChange change, HistoryRecord record, long offset) {
        var key = ViewKeys.key(executionId, change.getTicket());
        var known = tasks.get(key);
        if (change.getChange().equals("REQUESTED")) {
            if (known == null) {
                tasks.put(key, ViewRows.bytes(requested(change, record, offset)));
                ApprovalView.requested(approvals, executionId, change, record);
            }
        } else if (known != null) {
            var task = ViewRows.task(known);
            if (task.getEnded() == null) {
                meters.taskEnded(
                        Arns.stateMachineName(record.getExecutionArn()),
                        task.getState(),
                        change.getChange(),
                        Duration.between(task.getRequestedAt(), record.getNow()));
                ApprovalView.ended(approvals, task.getRequestedAt(), executionId, change.getTicket());
                var end = new TaskEnd(
                        change.getChange(),
                        record.getNow(),
                        Decisions.in(record, change.getTicket()).orElse(null),
                        SealedRecords.keyId(record).isPresent() ? offset : null);
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
