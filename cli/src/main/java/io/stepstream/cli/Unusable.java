package io.stepstream.cli;

import java.io.Serial;

/** What the user gave cannot be used: told in one line, with what to do; the command exits with 2. */
public final class Unusable extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
        super(message);
    }
}
