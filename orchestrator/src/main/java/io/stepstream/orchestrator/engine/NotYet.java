package io.stepstream.orchestrator.engine;

/** A record cannot be handled now, and can be later: nothing has been changed, it is to be tried again. The message says what is missing. */
final class NotYet extends Exception {
    private static final long serialVersionUID = 1;

    NotYet(String missing) {
        super(missing);
    }

    NotYet(String missing, Throwable cause) {
        super(missing, cause);
    }
}
