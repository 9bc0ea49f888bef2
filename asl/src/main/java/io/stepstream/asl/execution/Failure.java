package io.stepstream.asl.execution;

import java.util.Optional;

/**
 * The failure of a state: an error's name and its cause.
 *
 * @param error absent if a worker or a Fail state named none
 * @param kind how Retry and Catch look at it
 */
public record Failure(Optional<String> error, Optional<String> cause, Kind kind) {

    /** How Retry and Catch look at a failure. */
    public enum Kind {
        /** By its error's name. */
        ORDINARY,
        /** A missed heartbeat: reported as {@code States.Timeout}, found by {@code States.HeartbeatTimeout} too. */
        HEARTBEAT
    }

    static Failure of(String error, String cause) {
        return new Failure(Optional.of(error), Optional.of(cause), Kind.ORDINARY);
    }
}
