package io.stepstream.schemas;

/** A text that is no task token or approval link of ours. Its message tells what is wrong, never any part of the text. */
public final class InvalidToken extends Exception {

    public InvalidToken(String message) {
        // Anybody can send anything: no stack trace, it would only cost.
        super(message, null, false, false);
    }
}
