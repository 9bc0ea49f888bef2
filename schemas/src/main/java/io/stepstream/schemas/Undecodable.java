package io.stepstream.schemas;

import org.jspecify.annotations.Nullable;

/** Bytes that are no record of the expected type; the message says what is wrong and where. Trying again does not help. */
public final class Undecodable extends Exception {

    public Undecodable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
