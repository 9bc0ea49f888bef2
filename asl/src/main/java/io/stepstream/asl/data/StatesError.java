package io.stepstream.asl.data;

import java.util.Optional;

/**
 * An error of the workflow, found while a state's data were evaluated: a value, never an exception out of this package.
 *
 * @param name the error name of the language, such as {@code States.Runtime}
 * @param message what went wrong, without the state it happened in
 * @param location the field at fault as AWS names it ({@code Arguments/x}), where AWS names one
 */
public record StatesError(String name, String message, Optional<String> location) {

    public static final String RUNTIME = "States.Runtime";
    public static final String QUERY_EVALUATION = "States.QueryEvaluationError";
    public static final String ITEM_READER_FAILED = "States.ItemReaderFailed";

    public static StatesError of(String name, String message) {
        return new StatesError(name, message, Optional.empty());
    }

    public static StatesError runtime(String message) {
        return of(RUNTIME, message);
    }

    /** The cause text as AWS writes it, for a state that was entered with this history event. */
    public String causeIn(String state, long enteredEventId) {
        return "An error occurred while executing the state '" + state + "' (entered at the event id #" + enteredEventId
                + "). " + message;
    }
}
