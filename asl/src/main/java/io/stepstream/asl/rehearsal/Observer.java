package io.stepstream.asl.rehearsal;

import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import java.time.Instant;

/** Sees the history as it happens. */
@FunctionalInterface
public interface Observer {
    void happened(ExecutionIdentity execution, Instant at, HistoryEvent event);
}
