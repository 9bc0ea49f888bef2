package io.stepstream.asl.rehearsal;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All that is around a rehearsal of one execution and its children: who does their tasks, and what may be given instead of made up. */
@FunctionalInterface
public interface Surroundings {

    /** What is sent about a task of this execution; nothing, if nobody ever answers and only a timeout can end it. */
    List<Reply> answers(ExecutionIdentity execution, Effect.RequestTask request);

    /**
     * When a step is taken, and the source of what is random in it.
     *
     * @param command what the step is for
     * @param otherwise the time at which it is due, and a seed of the setting's
     * @return a time that is not earlier
     */
    default Moment moment(ExecutionIdentity execution, Command command, Moment otherwise) {
        return otherwise;
    }

    /** What the execution that this one starts tells it; empty if that execution is rehearsed too. */
    default Optional<List<Telling>> child(ExecutionIdentity execution, Effect.StartChild start) {
        return Optional.empty();
    }

    /** The time of a step, and its seed. */
    record Moment(Instant now, long seed) {}

    /** What a child tells its parent, so long after it was started. */
    record Telling(Duration after, ChildReport report) {}
}
