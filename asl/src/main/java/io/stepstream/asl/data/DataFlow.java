package io.stepstream.asl.data;

import java.util.Map;

/**
 * How data pass through a state, a catcher or a choice rule: its InputPath, Parameters, ResultSelector, ResultPath, OutputPath and
 * Assign, compiled; in the other query language its Arguments, Output and Assign. Which of the two it is was decided when the
 * definition was parsed.
 */
public interface DataFlow {

    /** The state's effective input: what a task is given, what branches start with. */
    Evaluated<Document> input(Document rawInput, EvaluationContext context);

    /**
     * What leaves the state.
     *
     * @param rawInput what entered it
     * @param result what it gave: a task's result, the branches' results, a Pass's Result, a caught error; the effective input
     *     where a state has no result of its own
     */
    Evaluated<Flowed> output(Document rawInput, Document result, EvaluationContext context);

    /** What it looks at besides input and result. */
    Uses uses();

    /**
     * What leaves a state.
     *
     * @param output the next state's raw input
     * @param assigned the variables to set, in the order of the definition
     */
    record Flowed(Document output, Map<String, Document> assigned) {}
}
