package io.stepstream.orchestrator.views;

/** This instance cannot answer now, but it, or another, soon will; the message says why. */
public final class ViewsUnavailable extends RuntimeException {
    public ViewsUnavailable(String message) {
        super(message);
    }
}
