package io.stepstream.asl.data;

/** Something compiled from a definition that gives a value when a state runs. */
@FunctionalInterface
public interface Expression<T> {

    /**
     * @param input the state's raw input: selecting from it by InputPath is part of the expression
     * @param context what else it may see
     */
    Evaluated<T> evaluate(Document input, EvaluationContext context);

    /** What it looks at besides the input. */
    default Uses uses() {
        return Uses.NOTHING;
    }

    /** Whether it looks at the input at all; if not, any input will do. */
    default boolean readsInput() {
        return true;
    }

    /** The expression that always gives this value. */
    static <T> Expression<T> constant(T value) {
        return (_, _) -> Evaluated.value(value);
    }
}
