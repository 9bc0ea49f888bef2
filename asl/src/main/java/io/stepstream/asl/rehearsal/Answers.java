package io.stepstream.asl.rehearsal;

import io.stepstream.asl.execution.Effect;
import java.util.List;

/** Whoever does the tasks of a rehearsal. */
@FunctionalInterface
public interface Answers {

    /** What is sent about this task; nothing, if nobody ever answers and only a timeout can end it. */
    List<Reply> to(Effect.RequestTask request);
}
