package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.definition.Catcher;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.Retrier;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.Transition;
import java.util.List;
import java.util.Optional;

/** One state, run by itself as the API operation TestState does: with a mock in the place of outside work, and what it went through. */
public final class StateTest {
    private static final String TOLERATED = "States.ExceedToleratedFailureThreshold";

    private final StateTestRequest request;
    private final State state;
    private final TestContext context;
    private final Inspection inspection;

    private StateTest(StateTestRequest request, State state, TestContext context, Inspection inspection) {
        this.request = request;
        this.state = state;
        this.context = context;
        this.inspection = inspection;
    }

    /** What became of a test. */
    public sealed interface Result {
        /** @param output as TestState answers */
        record Tested(ObjectNode output) implements Result {}

        /** @param error AWS's name of the error */
        record Refused(String error, String message) implements Result {}
    }

    /** Runs a state. */
    public static Result run(StateTestRequest request) {
        try {
            var subject = TestSubject.of(request);
            StateTestRules.check(request, subject);
            var context = TestContext.of(request, subject);
            return switch (StateMachine.parse(subject.wrapped().toString())) {
                case Parsed.Valid(var machine, var _) -> {
                    var state = machine.state(subject.name());
                    var inspection = new Inspection(request, subject, state, context);
                    yield new Result.Tested(new StateTest(request, state, context, inspection).run());
                }
                case Parsed.Invalid(var findings) -> TestSubject.invalid(findings);
            };
        } catch (TestRefused refused) {
            return new Result.Refused(refused.error(), String.valueOf(refused.getMessage()));
        }
    }

    private ObjectNode run() {
        var answer = switch (state) {
            case State.Pass pass -> flow(pass.result().or(this::mockResult), Optional.of(pass.transition()));
            case State.Wait wait -> flow(Optional.empty(), Optional.of(wait.transition()));
            case State.Succeed _ -> flow(Optional.empty(), Optional.empty());
            case State.Choice choice -> choice(choice);
            case State.Fail fail -> fail(fail);
            case State.Task task -> worked(task.transition(), task.retriers(), task.catchers());
            case State.Parallel parallel -> worked(parallel.transition(), parallel.retriers(), parallel.catchers());
            case State.Map map -> map(map);
        };
        inspection.addTo(answer);
        return answer;
    }

    private Optional<Document> mockResult() {
        return request.mockResult().map(Document::of);
    }

    private ObjectNode flow(Optional<Document> result, Optional<Transition> transition) {
        var flow = state.flow();
        return evaluated(
                flow.input(request.input(), context)
                        .then(input -> {
                            inspection.entered(result);
                            return flow.output(request.input(), result.orElse(input), context);
                        }),
                flowed -> succeeded(flowed, transition));
    }

    private ObjectNode choice(State.Choice choice) {
        return evaluated(
                choice.decide(request.input(), context),
                rule -> evaluated(
                        choice.flow()
                                .input(request.input(), context)
                                .then(input -> {
                                    inspection.entered(Optional.empty());
                                    return rule.flow().output(request.input(), input, context);
                                }),
                        flowed -> succeeded(flowed, Optional.of(new Transition.Next(rule.next())))));
    }

    private ObjectNode fail(State.Fail fail) {
        return evaluated(
                text(fail.error()).then(error -> text(fail.cause()).map(cause -> failed(error, cause))),
                answer -> answer);
    }

    private Evaluated<Optional<String>> text(Optional<Expression<String>> expression) {
        return expression
                .map(present -> present.evaluate(request.input(), context).map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    /** A state that has something done: the mock says what became of it. */
    private ObjectNode worked(Transition transition, List<Retrier> retriers, List<Catcher> catchers) {
        switch (state.flow().input(request.input(), context)) {
            case Evaluated.Failed<Document>(var error) -> {
                return handled(error.name(), Optional.of(error.causeIn(state.name(), 0)), retriers, catchers);
            }
            case Evaluated.Value<Document> _ -> inspection.worked();
        }
        if (request.mockError().isPresent()) {
            var error = request.mockError().get();
            return handled(error.error(), error.cause(), retriers, catchers);
        }
        return result(mockResult().orElseThrow(), transition, retriers, catchers);
    }

    private ObjectNode result(
            Document result, Transition transition, List<Retrier> retriers, List<Catcher> catchers) {
        return switch (state.flow().output(request.input(), result, context)) {
            case Evaluated.Value<DataFlow.Flowed>(var flowed) -> {
                inspection.done(result);
                yield succeeded(flowed, Optional.of(transition));
            }
            case Evaluated.Failed<DataFlow.Flowed>(var error) ->
                handled(error.name(), Optional.of(error.causeIn(state.name(), 0)), retriers, catchers);
        };
    }

    private ObjectNode map(State.Map map) {
        var bounds = inspection.bounds(map);
        if (bounds instanceof Evaluated.Failed<Inspection.Bounds>(var error)) {
            return handled(
                    error.name(), Optional.of(error.causeIn(state.name(), 0)), map.retriers(), map.catchers());
        }
        if (request.mockError().isPresent()) {
            var error = request.mockError().get();
            return handled(error.error(), error.cause(), map.retriers(), map.catchers());
        }
        if (bounds instanceof Evaluated.Value<Inspection.Bounds>(var known)
                && known.exceededBy(request.iterationFailures(), items())) {
            return handled(
                    TOLERATED,
                    Optional.of("The specified tolerated failure threshold was exceeded"),
                    map.retriers(),
                    map.catchers());
        }
        return result(mockResult().orElseThrow(), map.transition(), map.retriers(), map.catchers());
    }

    private int items() {
        return request.mockResult().filter(ArrayNode.class::isInstance).map(JsonNode::size).orElse(0);
    }

    /** A failure: retried, caught, or neither. */
    private ObjectNode handled(
            String error, Optional<String> cause, List<Retrier> retriers, List<Catcher> catchers) {
        for (var i = 0; i < retriers.size(); i++) {
            var retrier = retriers.get(i);
            if (retrier.errorEquals().matches(error)) {
                var used = request.retries();
                inspection.retriedBy(i);
                if (used < retrier.maxAttempts()) {
                    inspection.backoff(retrier.delay(used, context.random()));
                    return failed(Optional.of(error), cause).put("status", "RETRIABLE");
                }
                break;
            }
        }
        for (var i = 0; i < catchers.size(); i++) {
            if (catchers.get(i).errorEquals().matches(error)) {
                inspection.caughtBy(i);
                return caught(catchers.get(i), error, cause);
            }
        }
        return failed(Optional.of(error), cause);
    }

    private ObjectNode caught(Catcher catcher, String error, Optional<String> cause) {
        var caught = Documents.object().put("Error", error).put("Cause", cause.orElse(""));
        return evaluated(
                catcher.flow().output(request.input(), Document.of(caught), context),
                flowed -> failed(Optional.of(error), cause)
                        .put("status", "CAUGHT_ERROR")
                        .put("output", flowed.output().text())
                        .put("nextState", catcher.next()));
    }

    private <T> ObjectNode evaluated(Evaluated<T> evaluated, java.util.function.Function<T, ObjectNode> then) {
        return switch (evaluated) {
            case Evaluated.Value<T>(var value) -> then.apply(value);
            case Evaluated.Failed<T>(StatesError error) ->
                failed(Optional.of(error.name()), Optional.of(error.causeIn(state.name(), 0)));
        };
    }

    private ObjectNode succeeded(DataFlow.Flowed flowed, Optional<Transition> transition) {
        inspection.assigned(flowed.assigned());
        var answer = Documents.object()
                .put("status", "SUCCEEDED")
                .put("output", flowed.output().text());
        if (transition.orElse(null) instanceof Transition.Next(var next)) {
            answer.put("nextState", next);
        }
        return answer;
    }

    private static ObjectNode failed(Optional<String> error, Optional<String> cause) {
        var answer = Documents.object().put("status", "FAILED");
        error.ifPresent(name -> answer.put("error", name));
        cause.ifPresent(text -> answer.put("cause", text));
        return answer;
    }
}
