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
     * The moment of the step that a command makes which is sent now; empty if it comes when it is due, and anything may be random in it.
     *
     * @param due when it comes by itself
     */
    default Optional<Moment> moment(ExecutionIdentity execution, Command command, Instant due) {
        return Optional.empty();
    }

    /** The token of a task; empty if any will do. It is part of the task's input, and its length of what a step takes before it yields. */
    default Optional<String> token(ExecutionIdentity execution, long ticket) {
        return Optional.empty();
    }

    /** What somebody wants of an execution on its way: that it stops, goes on after its end, or keeps to other bounds. */
    default List<Order> orders(ExecutionIdentity execution) {
        return List.of();
    }

    /** What the execution that this one starts tells it; empty if that execution is rehearsed too. */
    default Optional<List<Telling>> child(ExecutionIdentity execution, Effect.StartChild start) {
        return Optional.empty();
    }

    /** An execution gives one up of which {@link #child} has told. */
    default void cancelled(ExecutionIdentity execution, String child) {}

    /**
     * When a step is made.
     *
     * @param seed the source of what is random in it
     * @param place among the execution's steps, for those of one instant
     */
    record Moment(Instant now, long seed, long place) {}

    /** Something that is wanted of an execution at a time: {@code Stop}, {@code Redrive} or {@code UpdateMapRun}, of a child {@code CancelChild}. */
    record Order(Instant at, Command command) {}

    /** What a child tells its parent, so long after it was started. */
    record Telling(Duration after, ChildReport report) {}
}
