package io.stepstream.orchestrator.api;

/** A request that cannot be answered as it is; the message says which part, and what would do. */
final class BadQuery extends RuntimeException {
    BadQuery(String message) {
        super(message);
    }
}
