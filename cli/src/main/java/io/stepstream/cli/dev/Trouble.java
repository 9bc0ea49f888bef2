package io.stepstream.cli.dev;

import java.io.Serial;

/** What keeps the command from its work and is not our bug: told to the user in one line, with what to do. */
public final class Trouble extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public Trouble(String message) {
        super(message);
    }

    public Trouble(String message, Throwable cause) {
        super(message, cause);
    }
}
