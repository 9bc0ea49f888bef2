package io.stepstream.audit.replay;

import io.stepstream.asl.execution.Step;
import io.stepstream.orchestrator.steps.RecordedStep;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import java.util.Optional;

/** What came of running a recorded step again. */
public sealed interface Replayed {

    /**
     * It ran; whether as recorded is for whoever asked to compare.
     *
     * @param recorded what went into it
     * @param step what it does
     * @param made the history record that it makes
     * @param status the execution's status that it makes known
     * @param opened the record that was run: unsealed, if it is stored sealed
     */
    record Ran(
            RecordedStep recorded,
            Step step,
            HistoryRecord made,
            Optional<ExecutionStatus> status,
            HistoryRecord opened)
            implements Replayed {}

    /** It cannot be run, and that is no sign of anything wrong: only the chain vouches for it. */
    record NotRun(Obstacle obstacle, String detail) implements Replayed {}

    /** It cannot be run though it should: the record contradicts itself, or what came before it. */
    record Impossible(String path, String why) implements Replayed {}

    /** Why a step is not run again. */
    enum Obstacle {
        /** Its interpreter is not here. */
        OTHER_SEMANTICS,
        /** It is sealed, and its key not at hand. */
        SEALED,
        /** It is sealed, and its key destroyed. */
        PURGED,
        /** It is no step: it tells of a purge. */
        NO_STEP,
        /** An earlier step of the execution was not run, or went another way, so that its rows are not known. */
        STATE_UNKNOWN
    }
}
