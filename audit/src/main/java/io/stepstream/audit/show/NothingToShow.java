package io.stepstream.audit.show;

/** There is no such execution, or it had not come so far; the message says which. */
public final class NothingToShow extends RuntimeException {
    private static final long serialVersionUID = 1;

    NothingToShow(String message) {
        super(message);
    }
}
