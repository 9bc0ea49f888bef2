package io.stepstream.orchestrator.api;

import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.RedriveObstacles;
import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be redriven now: what the engine would say to RedriveExecution, by the same limits.
 *
 * @param limits those of the engine
 */
record RedriveWindow(Limits limits, Clock clock) {

    /** Why the execution cannot be redriven, by a caller or, if it is the child of one, by its Map run; empty if it can. */
    Optional<String> obstacle(ExecutionStatus execution) {
        return switch (execution.getStatus()) {
            case "FAILED", "TIMED_OUT", "ABORTED" ->
                isOver(execution.getStopDate())
                        ? Optional.of(RedriveObstacles.OVER)
                        : Optional.ofNullable(execution.getRedriveObstacle());
            default -> Optional.of(RedriveObstacles.ofStatus(execution.getStatus()));
        };
    }

    /** Whether the Map run has ended so long ago that none of its children can be redriven. */
    boolean isOver(MapRunRow run) {
        return isOver(run.getStopDate());
    }

    private boolean isOver(@Nullable Instant end) {
        return end != null && limits.redrivableUntil(end).isBefore(clock.instant());
    }
}
