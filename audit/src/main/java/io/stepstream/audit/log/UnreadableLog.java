package io.stepstream.audit.log;

import org.jspecify.annotations.Nullable;

/** There is no log where one was said to be, or none that can be read; the message says what to do. */
public final class UnreadableLog extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreadableLog(String message) {
        super(message);
    }

    public UnreadableLog(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
