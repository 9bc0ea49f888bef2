package io.stepstream.orchestrator.views;

import org.jspecify.annotations.Nullable;

/** Records that an answer needs were removed from the history topic. */
public final class HistoryGone extends RuntimeException {
    public HistoryGone(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
