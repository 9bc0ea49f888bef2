package io.stepstream.asl.data;

import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What an expression may see besides the state's input. Everything is asked for only when an expression uses it. */
public interface EvaluationContext {

    /**
     * The context object ({@code $$}, {@code $states.context}) as it is now. Its {@code Execution.Input} may be anything: it is
     * replaced by {@link #executionInput} before an expression sees it.
     */
    Document contextObject();

    /** The execution's input; read only by an expression that reaches {@code Execution.Input}. */
    Document executionInput();

    /** The value of a variable in this frame or the nearest frame around it; empty if nothing has assigned it. */
    Optional<Document> variable(String name);

    /** The step's source of everything random: one generator for the whole step, so that two values of it differ. */
    RandomGenerator random();

    /** The step's time. */
    Instant now();
}
