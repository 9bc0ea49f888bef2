package io.stepstream.audit.verify;

/** The run was told to stop before it had come to the end. */
public final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Interrupted(String message) {
        super(message);
    }
}
