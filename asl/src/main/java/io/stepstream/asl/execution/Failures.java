package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.DataFlow.Flowed;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.definition.Catcher;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.definition.Retrier;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.execution.History.Details;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What becomes of a state that fails: it is retried, or caught, or takes the frame with it. */
final class Failures {
    private static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";

    private final StepBuilder step;

    Failures(StepBuilder step) {
        this.step = step;
    }

    /** The failure of a state whose data could not be evaluated. */
    void evaluation(FrameRow frame, StatesError error) {
        var failed = told(frame, error);
        fail(failed.frame(), failed.failure());
    }

    /** The failure of a Map state whose items, or what goes with them, could not be evaluated. */
    void beginning(FrameRow frame, StatesError error) {
        var failed = told(frame, error);
        fail(
                error.name().equals(StatesError.QUERY_EVALUATION)
                        ? failed.frame().in(new Phase.Failing(0, failed.failure(), Optional.empty()))
                        : failed.frame(),
                failed.failure());
    }

    /** A failed evaluation that the history tells of, where AWS's does. */
    record Told(FrameRow frame, Failure failure) {}

    Told told(FrameRow frame, StatesError error) {
        var failure = Failure.of(error.name(), error.causeIn(frame.state(), frame.enteredEventId()));
        var failed = frame;
        if (error.name().equals(StatesError.QUERY_EVALUATION)) {
            var details = Details.none()
                    .failure(failure)
                    .text("location", error.location())
                    .text("state", frame.state());
            failed = frame.after(
                    step.history().add(causeOfEvaluation(frame), HistoryEventType.EVALUATION_FAILED, details));
        }
        return new Told(failed, failure);
    }

    /**
     * The event that a failed evaluation follows. On the way into a state AWS names the one before the entry, except in Wait states,
     * where it is the entry.
     */
    private long causeOfEvaluation(FrameRow frame) {
        var entering =
                frame.previousEventId() == frame.enteredEventId() && !(step.definitionOf(frame) instanceof State.Wait);
        return entering ? step.history().causeOf(frame.enteredEventId()) : frame.previousEventId();
    }

    /** A failure that nothing catches, worded as AWS does. */
    Failure runtime(FrameRow frame, String message) {
        return Failure.of(
                ErrorEquals.RUNTIME, StatesError.runtime(message).causeIn(frame.state(), frame.enteredEventId()));
    }

    /** A state's result or output is larger than a payload may be. */
    Failure tooLarge(String state) {
        return Failure.of(
                ErrorEquals.DATA_LIMIT_EXCEEDED,
                "The state/task '" + state
                        + "' returned a result with a size exceeding the maximum number of bytes service limit.");
    }

    /** What is too large of what a state gives, if anything is: its output, its Assign, or all variables of its scope. */
    Optional<Failure> tooLarge(FrameRow frame, Flowed flowed) {
        var limits = step.inputs().limits();
        var assigned =
                flowed.assigned().values().stream().mapToLong(Document::bytes).sum();
        var kept = frame.variables().entrySet().stream()
                .filter(variable -> !flowed.assigned().containsKey(variable.getKey()))
                .mapToLong(variable -> variable.getValue().bytes())
                .sum();
        if (flowed.output().bytes() > limits.payloadBytes()) {
            return Optional.of(tooLarge(frame.state()));
        }
        if (assigned > limits.assignedBytes()) {
            return Optional.of(tooManyVariables(frame, "assigns", assigned, limits.assignedBytes()));
        }
        return assigned > 0 && assigned + kept > limits.variablesBytes()
                ? Optional.of(tooManyVariables(
                        frame, "brings the variables of its scope to", assigned + kept, limits.variablesBytes()))
                : Optional.empty();
    }

    private static Failure tooManyVariables(FrameRow frame, String does, long bytes, int limit) {
        return Failure.of(
                ErrorEquals.DATA_LIMIT_EXCEEDED,
                "The state/task '" + frame.state() + "' " + does + " " + bytes
                        + " bytes, exceeding the maximum number of " + limit + " bytes.");
    }

    /** A frame's state fails. */
    void fail(FrameRow frame, Failure failure) {
        var state = step.definitionOf(frame);
        var retrier = retrierOf(frame, failure);
        if (retrier.isPresent()) {
            backOff(frame, retriers(state), retrier.getAsInt());
            return;
        }
        var failed = frame;
        if (frame.phase() instanceof Phase.Failing(var _, var _, var resumed)) {
            failed = frame.after(step.history().add(frame.previousEventId(), failedType(state), Details.none()))
                    .in(resumed.<Phase>map(Phase.Suspended::new).orElseGet(Phase.Ready::new));
        }
        for (var catcher : catchers(state)) {
            if (matches(catcher.errorEquals(), failure)) {
                handle(failed, catcher, failure);
                return;
            }
        }
        end(failed, failure);
    }

    /** Whether a failure of a frame's state is retried or caught there. */
    boolean handles(FrameRow frame, Failure failure) {
        return retrierOf(frame, failure).isPresent()
                || catchers(step.definitionOf(frame)).stream()
                        .anyMatch(catcher -> matches(catcher.errorEquals(), failure));
    }

    /** The first retrier that matches, if it may be used once more. */
    private OptionalInt retrierOf(FrameRow frame, Failure failure) {
        var retriers = retriers(step.definitionOf(frame));
        return IntStream.range(0, retriers.size())
                .filter(i -> matches(retriers.get(i).errorEquals(), failure))
                .limit(1)
                .filter(i -> used(frame, i) < retriers.get(i).maxAttempts())
                .findFirst();
    }

    private static HistoryEventType failedType(State state) {
        return state instanceof State.Map ? HistoryEventType.MAP_STATE_FAILED : HistoryEventType.PARALLEL_STATE_FAILED;
    }

    private static int used(FrameRow frame, int retrier) {
        return retrier < frame.retries().size() ? frame.retries().get(retrier) : 0;
    }

    private void backOff(FrameRow frame, List<Retrier> retriers, int chosen) {
        var counts =
                new ArrayList<>(frame.retries().isEmpty() ? Collections.nCopies(retriers.size(), 0) : frame.retries());
        var delay = retriers.get(chosen).delay(counts.get(chosen), step.random());
        counts.set(chosen, counts.get(chosen) + 1);
        step.waits().pause(frame.retried(counts), step.now().plus(delay), Phase.BackingOff::new);
    }

    private void handle(FrameRow frame, Catcher catcher, Failure failure) {
        switch (catcher.flow().output(frame.data(), errorOutput(failure), Scope.of(step, frame))) {
            case Evaluated.Value<Flowed>(var flowed) -> {
                var tooLarge = tooLarge(frame, flowed);
                if (tooLarge.isPresent()) {
                    end(frame, tooLarge.get());
                } else {
                    step.states().leave(frame, flowed, new Transition.Next(catcher.next()));
                }
            }
            case Evaluated.Failed<Flowed>(var error) ->
                end(frame, Failure.of(error.name(), error.causeIn(frame.state(), frame.enteredEventId())));
        }
    }

    /** The failure is the frame's: of the execution at the root, of the state around it elsewhere. */
    private void end(FrameRow frame, Failure failure) {
        step.rows().put(frame);
        if (frame.path().isRoot()) {
            step.lifecycle().close(new Outcome.Failed(failure.error(), failure.cause()));
        } else {
            step.children().failed(frame, failure);
        }
    }

    /** What a catcher sees. AWS leaves out what a worker left out as null, but gives a timeout an empty cause. */
    static Document errorOutput(Failure failure) {
        var timedOut = failure.error().equals(Optional.of(ErrorEquals.TIMEOUT));
        var output = JsonNodeFactory.instance.objectNode();
        output.put("Error", failure.error().orElse(null));
        output.put("Cause", failure.cause().orElse(timedOut ? "" : null));
        return Document.of(output);
    }

    private static boolean matches(ErrorEquals errorEquals, Failure failure) {
        return errorEquals.matches(failure.error().orElse(""))
                || (failure.kind() == Failure.Kind.HEARTBEAT
                        && errorEquals.matches(HEARTBEAT_TIMEOUT)
                        && errorEquals.names().contains(HEARTBEAT_TIMEOUT));
    }

    private static List<Retrier> retriers(State state) {
        return switch (state) {
            case State.Task task -> task.retriers();
            case State.Parallel parallel -> parallel.retriers();
            case State.Map map -> map.retriers();
            case State.Pass _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ -> List.of();
        };
    }

    private static List<Catcher> catchers(State state) {
        return switch (state) {
            case State.Task task -> task.catchers();
            case State.Parallel parallel -> parallel.catchers();
            case State.Map map -> map.catchers();
            case State.Pass _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ -> List.of();
        };
    }
}
