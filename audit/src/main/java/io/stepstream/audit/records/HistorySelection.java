package io.stepstream.audit.records;

import io.stepstream.schemas.avro.HistoryRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * Which history records are meant.
 *
 * @param from the first time of a step that counts
 * @param to the first time that does not count any more
 * @param stateMachine name of the state machine whose executions count, those of its Maps' items included
 */
public record HistorySelection(Optional<Instant> from, Optional<Instant> to, Optional<String> stateMachine) {

    public static final HistorySelection ALL =
            new HistorySelection(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether this is no selection. */
    public boolean isAll() {
        return equals(ALL);
    }

    boolean includes(HistoryRecord record) {
        return includes(record.getNow()) && includesMachineOf(record.getExecutionArn());
    }

    /** Whether a step at this time counts. */
    public boolean includes(Instant time) {
        return from.filter(time::isBefore).isEmpty()
                && to.filter(end -> !time.isBefore(end)).isEmpty();
    }

    /** Whether an execution's state machine is meant. */
    public boolean includesMachineOf(String executionArn) {
        return stateMachine.isEmpty() || stateMachine.get().equals(ExecutionNames.stateMachine(executionArn));
    }
}
