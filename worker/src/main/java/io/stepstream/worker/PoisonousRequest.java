package io.stepstream.worker;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Fails a task whose request no attempt can ever serve: the request is kept in {@code dead-letters} for somebody to look at. */
public final class PoisonousRequest extends TaskError {

    @Serial
    private static final long serialVersionUID = 1L;

    public PoisonousRequest(String error, String cause) {
        super(error, cause);
    }

    public PoisonousRequest(String error, String cause, @Nullable Throwable origin) {
        super(error, cause, origin);
    }
}
