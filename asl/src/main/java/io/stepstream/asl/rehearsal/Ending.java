package io.stepstream.asl.rehearsal;

import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Outcome;
import java.time.Instant;
import java.util.List;

/** How a rehearsal ended. */
public sealed interface Ending {

    record Ended(Outcome outcome, Instant at) implements Ending {}

    /** It would wait for ever: these tasks have no answer and no timeout. */
    record Waiting(List<Effect.RequestTask> tasks) implements Ending {
        public Waiting {
            tasks = List.copyOf(tasks);
        }
    }

    /** It has taken all the steps that its setting allows, and was still going on. */
    record OutOfSteps(int steps) implements Ending {}
}
