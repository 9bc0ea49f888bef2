package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    private static final Optional<String> RUNNING = Optional.of("RUNNING");

    private final RecordCodec codec;
    private final Meters meters;
    private final Map<String, Long> running = new HashMap<>();
    private final Progress progress;
    private final Watches watches;
    private KeyValueStore<byte[], byte[]> lists;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    ExecutionsApplied(RecordCodec codec, Meters meters, Progress progress, Watches watches) {
        this.codec = codec;
        this.meters = meters;
        this.progress = progress;
        this.watches = watches;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        lists = context.getStateStore(ViewsTopology.LISTS);
        ExecutionList.running(lists).forEach(this::count);
    }

    /** So many executions more of a state machine run in this partition. */
    private void count(String stateMachine, long more) {
        running.merge(stateMachine, more, Long::sum);
        meters.running(stateMachine, more);
    }

    @Override
    public void close() {
        running.forEach((stateMachine, count) -> meters.running(stateMachine, -count));
        running.clear();
    }

    private void apply(String executionId, ExecutionStatus status) {
        var before = ExecutionList.apply(lists, executionId, status);
        var now = Optional.of(status.getStatus());
        var isListed = ExecutionList.owner(status).isPresent();
        var stateMachine = Arns.stateMachineName(status.getExecutionArn());
        if (before.equals(now)) {
            return;
        }
        if (before.isEmpty() && (isListed || now.equals(RUNNING))) {
            meters.executionStarted(stateMachine);
        }
        if (!now.equals(RUNNING)) {
            meters.executionEnded(stateMachine, status.getStatus());
        }
        if (isListed && (now.equals(RUNNING) || before.equals(RUNNING))) {
            count(stateMachine, now.equals(RUNNING) ? 1 : -1);
        }
    }

    @Override
    public void process(Record<String, byte[]> status) {
        if (status.value() == null) {
            ExecutionList.forget(lists, status.key());
        } else {
            try {
                apply(status.key(), codec.decode(status.value(), ExecutionStatus.class));
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
