package io.stepstream.orchestrator.rows;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.WaitRow;
import java.time.Instant;
import java.util.Optional;

/**
 * What one record of the store holds of an execution: all that a step of an execution with one cursor reads and writes.
 *
 * @param execution the execution as a whole
 * @param root the root frame, while there is one
 * @param rootWait what the root frame waits for
 * @param chain the end of the execution's chain of history records
 */
public record PackedExecution(
        ExecutionRow execution, Optional<FrameRow> root, Optional<WaitRow> rootWait, Chain chain) {

    /**
     * The end of a chain of history records.
     *
     * @param step number of the last record; 0 before the first
     * @param hash hex SHA-256 over the stored bytes of the last record; empty before the first
     * @param at the time of the last step
     */
    public record Chain(long step, String hash, Instant at) {
        public static final Chain START = new Chain(0, "", Instant.EPOCH);
    }
}
