package io.stepstream.worker;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Fails a task with an error name that the state machine's {@code Retry} and {@code Catch} can match. */
public class TaskError extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String error;

    public TaskError(String error, String cause) {
        this(error, cause, null);
    }

    public TaskError(String error, String cause, @Nullable Throwable origin) {
        super(cause, origin);
        this.error = error;
    }

    /** The error's name. */
    public String error() {
        return error;
    }
}
