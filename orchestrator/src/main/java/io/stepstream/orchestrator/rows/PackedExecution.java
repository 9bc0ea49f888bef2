package io.stepstream.orchestrator.rows;

import io.stepstream.asl.data.Document;
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
 * @param input the execution's input, while it is kept and if it is small enough to be rewritten with every step
 * @param trace the trace that it is part of, if traces were on when it was started
 */
public record PackedExecution(
        ExecutionRow execution,
        Optional<FrameRow> root,
        Optional<WaitRow> rootWait,
        Chain chain,
        Optional<Document> input,
        Optional<ExecutionTrace> trace) {

    /** The longest text that is packed: longer ones cost more in every step than a record of their own does in all; see ADR 0016. */
    private static final int SMALL_INPUT = 256;

    /** An execution whose input is in a row of its own, or not kept any more. */
    public PackedExecution(ExecutionRow execution, Optional<FrameRow> root, Optional<WaitRow> rootWait, Chain chain) {
        this(execution, root, rootWait, chain, Optional.empty(), Optional.empty());
    }

    /** Whether an input is packed. */
    public static boolean packs(Document input) {
        return input.text().length() <= SMALL_INPUT;
    }

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
