package io.stepstream.asl.definition;

import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.EvaluationContext;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.data.Uses;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A state of a state machine. */
public sealed interface State {

    String name();

    /** How data pass through it. */
    DataFlow flow();

    /** What its expressions, its catchers' and its choice rules' look at. */
    Uses uses();

    /** @param result the Result; without one the effective input is the result */
    record Pass(String name, DataFlow flow, Uses uses, Optional<Document> result, Transition transition)
            implements State {}

    /**
     * @param timeoutSeconds from TimeoutSeconds or its Path
     * @param heartbeatSeconds from HeartbeatSeconds or its Path
     * @param credentials the Credentials, evaluated
     */
    record Task(
            String name,
            DataFlow flow,
            Uses uses,
            Resource resource,
            Optional<Expression<Long>> timeoutSeconds,
            Optional<Expression<Long>> heartbeatSeconds,
            Optional<Expression<Document>> credentials,
            List<Retrier> retriers,
            List<Catcher> catchers,
            Transition transition)
            implements State {}

    /** @param otherwise the Default, as a rule that always holds */
    record Choice(String name, DataFlow flow, Uses uses, List<ChoiceRule> rules, Optional<ChoiceRule> otherwise)
            implements State {

        /** The first rule that holds, or the Default; its flow gives the state's output. */
        public Evaluated<ChoiceRule> decide(Document rawInput, EvaluationContext context) {
            for (var rule : rules) {
                switch (rule.condition().evaluate(rawInput, context)) {
                    case Evaluated.Failed<Boolean>(var error) -> {
                        return Evaluated.failed(error);
                    }
                    case Evaluated.Value<Boolean>(var holds) -> {
                        if (holds) {
                            return Evaluated.value(rule);
                        }
                    }
                }
            }
            return otherwise
                    .map(Evaluated::value)
                    .orElseGet(() -> Evaluated.failed(StatesError.of(
                            "States.NoChoiceMatched",
                            "Failed to transition out of the state. The state does not point to a next state.")));
        }
    }

    record Wait(String name, DataFlow flow, Uses uses, Until until, Transition transition) implements State {}

    record Succeed(String name, DataFlow flow, Uses uses) implements State {}

    /** @param error the Error, from ErrorPath too; {@code cause} likewise */
    record Fail(
            String name,
            DataFlow flow,
            Uses uses,
            Optional<Expression<String>> error,
            Optional<Expression<String>> cause)
            implements State {}

    record Parallel(
            String name,
            DataFlow flow,
            Uses uses,
            List<StateGraph> branches,
            List<Retrier> retriers,
            List<Catcher> catchers,
            Transition transition)
            implements State {}

    /**
     * @param items what it goes over; of a distributed Map with an ItemReader nothing that counts
     * @param itemSelector what an iteration starts with, from ItemSelector or Parameters; without one, the item. Evaluated on the
     *     state's raw input, with the iteration's item in the context object
     * @param maxConcurrency how many iterations run at once; 0 for no bound of its own
     * @param toleratedFailureCount how many iterations may fail; with the percentage too, neither may be exceeded
     * @param toleratedFailurePercentage what part of the iterations may fail, of 100
     * @param processor the states that each item goes through
     * @param distribution of a distributed Map only
     */
    record Map(
            String name,
            DataFlow flow,
            Uses uses,
            Expression<Document> items,
            Optional<Expression<Document>> itemSelector,
            Optional<Expression<Long>> maxConcurrency,
            Optional<Expression<Long>> toleratedFailureCount,
            Optional<Expression<Double>> toleratedFailurePercentage,
            StateGraph processor,
            Optional<Distribution> distribution,
            List<Retrier> retriers,
            List<Catcher> catchers,
            Transition transition)
            implements State {}

    /** How long a Wait state waits. */
    sealed interface Until {
        /** Seconds or SecondsPath: from the time the state was entered. */
        record Seconds(Expression<Long> seconds) implements Until {}

        /** Timestamp or TimestampPath; one in the past is not waited for. */
        record Timestamp(Expression<Instant> timestamp) implements Until {}
    }

    /** @param flow of the rule's Assign (and Output), with the state's effective input as result */
    record ChoiceRule(Expression<Boolean> condition, String next, DataFlow flow) {}
}
