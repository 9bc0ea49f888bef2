package io.stepstream.asl.execution;

import static io.stepstream.asl.execution.HistoryEventType.*;

import io.stepstream.asl.data.DataFlow.Flowed;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.execution.History.Details;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Consumer;

/** What each type of state does when a frame enters it, and how a frame leaves it. */
final class States {
    private final StepBuilder step;

    States(StepBuilder step) {
        this.step = step;
    }

    /** Runs a ready frame's state until it waits, has children or is left. */
    void run(FramePath path) {
        var frame = step.rows().frame(path);
        var state = step.definitionOf(frame);
        step.countTransition();
        if (frame.phase() instanceof Phase.Ready) {
            var details = Details.none().data("input", frame.data()).text("name", frame.state());
            frame = frame.entered(step.history().add(frame.previousEventId(), enteredType(state), details), step.now());
        }
        switch (state) {
            case State.Pass pass -> pass(frame, pass);
            case State.Task task -> step.tasks().request(frame, task);
            case State.Choice choice -> choice(frame, choice);
            case State.Wait wait -> waitUntil(frame, wait);
            case State.Succeed succeed -> flow(frame, succeed, Optional.empty(), new Transition.End());
            case State.Fail fail -> fail(frame, fail);
            case State.Parallel parallel -> parallel(frame, parallel);
            case State.Map map
            when map.distribution().isPresent() -> step.mapRuns().begin(frame, map);
            case State.Map map -> map(frame, map);
        }
    }

    private void pass(FrameRow frame, State.Pass pass) {
        flow(frame, pass, pass.result(), pass.transition());
    }

    /** Leaves a state that does no work of its own. */
    private void flow(FrameRow frame, State state, Optional<Document> result, Transition transition) {
        var scope = Scope.of(step, frame);
        ifEvaluated(
                frame,
                state.flow()
                        .input(frame.data(), scope)
                        .then(input -> state.flow().output(frame.data(), result.orElse(input), scope)),
                flowed -> leave(frame, flowed, transition));
    }

    private void choice(FrameRow frame, State.Choice choice) {
        var scope = Scope.of(step, frame);
        ifEvaluated(
                frame,
                choice.decide(frame.data(), scope),
                rule -> ifEvaluated(
                        frame,
                        choice.flow()
                                .input(frame.data(), scope)
                                .then(input -> rule.flow().output(frame.data(), input, scope)),
                        flowed -> leave(frame, flowed, new Transition.Next(rule.next()))));
    }

    private void waitUntil(FrameRow frame, State.Wait wait) {
        var scope = Scope.of(step, frame);
        Evaluated<Instant> until = switch (wait.until()) {
            case State.Until.Seconds(var seconds) ->
                seconds.evaluate(frame.data(), scope).map(frame.entered()::plusSeconds);
            case State.Until.Timestamp(var timestamp) -> timestamp.evaluate(frame.data(), scope);
        };
        ifEvaluated(frame, until, due -> {
            if (due.isAfter(step.now())) {
                step.waits().pause(frame, due, Phase.Sleeping::new);
            } else {
                wakeUp(frame);
            }
        });
    }

    /** A Wait state is over. */
    void wakeUp(FrameRow frame) {
        if (step.definitionOf(frame) instanceof State.Wait wait) {
            flow(frame.in(new Phase.Ready()), wait, Optional.empty(), wait.transition());
        }
    }

    private void fail(FrameRow frame, State.Fail fail) {
        var scope = Scope.of(step, frame);
        ifEvaluated(
                frame,
                evaluate(fail.error(), frame, scope),
                error -> ifEvaluated(
                        frame,
                        evaluate(fail.cause(), frame, scope),
                        cause -> step.failures().fail(frame, new Failure(error, cause, Failure.Kind.ORDINARY))));
    }

    private static Evaluated<Optional<String>> evaluate(
            Optional<io.stepstream.asl.data.Expression<String>> expression, FrameRow frame, Scope scope) {
        return expression
                .map(present -> present.evaluate(frame.data(), scope).map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    private void parallel(FrameRow frame, State.Parallel parallel) {
        if (isTooDeep(frame)) {
            return;
        }
        ifEvaluated(
                frame,
                parallel.flow().input(frame.data(), Scope.ofAttempt(step, frame)),
                _ -> step.children()
                        .begin(
                                frame.after(step.history()
                                        .add(frame.previousEventId(), PARALLEL_STATE_STARTED, Details.none())),
                                Phase.Joining.all(parallel.branches().size())));
    }

    private void map(FrameRow frame, State.Map map) {
        if (isTooDeep(frame)) {
            return;
        }
        step.iterations().begin(frame, map);
    }

    private boolean isTooDeep(FrameRow frame) {
        var deepest = step.inputs().limits().nesting();
        if (frame.path().depth() < deepest) {
            return false;
        }
        step.failures()
                .fail(frame, step.failures().runtime(frame, "States are nested more than " + deepest + " deep."));
        return true;
    }

    /** What a branch starts with: evaluated again for every one, always to the same. */
    Document branchInput(FrameRow frame, State.Parallel parallel) {
        return switch (parallel.flow().input(frame.data(), Scope.ofAttempt(step, frame))) {
            case Evaluated.Value<Document>(var input) -> input;
            case Evaluated.Failed<Document>(var error) ->
                throw new IllegalStateException(
                        "the input of state '" + frame.state() + "' had been evaluated: " + error);
        };
    }

    /** All children of a frame have ended well. */
    void childrenJoined(FrameRow frame, Document results) {
        switch (step.definitionOf(frame)) {
            case State.Parallel parallel ->
                joined(frame, PARALLEL_STATE_SUCCEEDED, parallel, results, parallel.transition());
            case State.Map map
            when map.distribution().isPresent() -> step.mapResults().joined(frame, map, results);
            case State.Map map -> joined(frame, MAP_STATE_SUCCEEDED, map, results, map.transition());
            case State.Pass _, State.Task _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ ->
                throw new IllegalStateException("state '" + frame.state() + "' has no children");
        }
    }

    private void joined(
            FrameRow frame, HistoryEventType succeeded, State state, Document results, Transition transition) {
        step.history().add(frame.previousEventId(), succeeded, Details.none());
        leaveWith(frame.in(new Phase.Ready()), state, results, transition);
    }

    /** Leaves a state with the result of its work. */
    void leaveWith(FrameRow frame, State state, Document result, Transition transition) {
        ifEvaluated(
                frame,
                state.flow().output(frame.data(), result, Scope.of(step, frame)),
                flowed -> leave(frame, flowed, transition));
    }

    /** Leaves a state for the next one, or ends the frame. */
    void leave(FrameRow frame, Flowed flowed, Transition transition) {
        var output = flowed.output();
        var tooLarge = step.failures().tooLarge(frame, flowed);
        if (tooLarge.isPresent()) {
            step.failures().fail(frame, tooLarge.get());
            return;
        }
        var exited = step.history()
                .add(
                        frame.previousEventId(),
                        exitedType(step.definitionOf(frame)),
                        Details.none()
                                .text("name", frame.state())
                                .data("output", output)
                                .variables(flowed.assigned()));
        var variables = new HashMap<>(frame.variables());
        variables.putAll(flowed.assigned());
        var left = frame.after(exited).with(variables);
        switch (transition) {
            case Transition.Next(var next) -> {
                step.rows().put(left.headingFor(next, output));
                step.rows().push(new Work.Run(frame.path()));
            }
            case Transition.End() -> {
                if (frame.path().isRoot()) {
                    step.lifecycle().succeed(left, output);
                } else {
                    step.children().ended(left, output);
                }
            }
        }
    }

    /** Goes on with what an evaluation gave, or lets the state fail. */
    <T> void ifEvaluated(FrameRow frame, Evaluated<T> evaluated, Consumer<T> then) {
        switch (evaluated) {
            case Evaluated.Value<T>(var value) -> then.accept(value);
            case Evaluated.Failed<T>(var error) -> step.failures().evaluation(frame, error);
        }
    }

    private static HistoryEventType enteredType(State state) {
        return switch (state) {
            case State.Pass _ -> PASS_STATE_ENTERED;
            case State.Task _ -> TASK_STATE_ENTERED;
            case State.Choice _ -> CHOICE_STATE_ENTERED;
            case State.Wait _ -> WAIT_STATE_ENTERED;
            case State.Succeed _ -> SUCCEED_STATE_ENTERED;
            case State.Fail _ -> FAIL_STATE_ENTERED;
            case State.Parallel _ -> PARALLEL_STATE_ENTERED;
            case State.Map _ -> MAP_STATE_ENTERED;
        };
    }

    private static HistoryEventType exitedType(State state) {
        return switch (state) {
            case State.Pass _ -> PASS_STATE_EXITED;
            case State.Task _ -> TASK_STATE_EXITED;
            case State.Choice _ -> CHOICE_STATE_EXITED;
            case State.Wait _ -> WAIT_STATE_EXITED;
            case State.Succeed _ -> SUCCEED_STATE_EXITED;
            case State.Fail _ -> throw new IllegalStateException("a Fail state is never left");
            case State.Parallel _ -> PARALLEL_STATE_EXITED;
            case State.Map _ -> MAP_STATE_EXITED;
        };
    }

    /** The event that tells of a state entered and never left; none where AWS has none, or where the frame is between states. */
    Optional<HistoryEventType> abortedType(FrameRow frame) {
        var waiting = switch (frame.phase()) {
            case Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Retrying _,
                    Phase.Mapping _,
                    Phase.Aborting _ -> true;
            case Phase.Ready _,
                    Phase.Joining _,
                    Phase.Failing _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> false;
        };
        if (!waiting) {
            return Optional.empty();
        }
        return switch (step.definitionOf(frame)) {
            case State.Task _ -> Optional.of(TASK_STATE_ABORTED);
            case State.Wait _ -> Optional.of(WAIT_STATE_ABORTED);
            case State.Parallel _ -> Optional.of(PARALLEL_STATE_ABORTED);
            case State.Map _ -> Optional.of(MAP_STATE_ABORTED);
            case State.Pass _, State.Choice _, State.Succeed _, State.Fail _ -> Optional.empty();
        };
    }
}
