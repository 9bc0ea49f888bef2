package io.stepstream.gateway.http;

import io.stepstream.asl.definition.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A request ends with an error that its client is told; each API renders it in its own form. */
public final class ApiException extends Exception {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final ApiError error;
    private final transient List<Finding> findings;
    private final Duration wait;

    public ApiException(ApiError error, String message) {
        this(error, message, List.of());
    }

    /** An error with what is wrong in a definition. */
    public ApiException(ApiError error, String message, List<Finding> findings) {
        super(message, null, false, false);
        this.error = error;
        this.findings = List.copyOf(findings);
        this.wait = RETRY_AFTER;
    }

    /** An error that will be over after a while. */
    public ApiException(ApiError error, String message, Duration wait) {
        super(message, null, false, false);
        this.error = error;
        this.findings = List.of();
        this.wait = wait;
    }

    public ApiError error() {
        return error;
    }

    /** What went wrong here, in words for the client. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What is wrong in the definition, if it is about one. */
    public List<Finding> findings() {
        return findings;
    }

    /** When a client may try again; empty if trying again does not help. */
    public Optional<Duration> retryAfter() {
        return switch (error) {
            case UNAVAILABLE, OUTCOME_UNKNOWN, THROTTLED ->
                Optional.of(Duration.ofSeconds(Math.max(1, wait.plusMillis(999).toSeconds())));
            default -> Optional.empty();
        };
    }
}
