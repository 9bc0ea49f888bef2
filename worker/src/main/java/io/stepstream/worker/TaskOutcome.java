package io.stepstream.worker;

/** What became of a task request in a handler's hands. */
public sealed interface TaskOutcome {

    /** @param output JSON text */
    record Succeeded(String output) implements TaskOutcome {}

    /** The task fails by this error; the state machine's {@code Retry} and {@code Catch} decide what follows. */
    record Failed(String error, String cause) implements TaskOutcome {
        public Failed {
            error = Bounds.error(error);
            cause = Bounds.cause(cause);
        }
    }

    /** The task fails too, and its request is kept in {@code dead-letters}: no attempt can ever serve it. */
    record DeadLettered(String error, String cause) implements TaskOutcome {
        public DeadLettered {
            error = Bounds.error(error);
            cause = Bounds.cause(cause);
        }
    }

    /** Whoever holds the token answers later. */
    record LeftOpen() implements TaskOutcome {}

    /** The handler was interrupted because the worker stops, or has lost its lock: the request is delivered again. */
    record GivenBack() implements TaskOutcome {}
}
