package io.stepstream.orchestrator.rows;

import java.util.Optional;

/**
 * The trace that an execution is part of, as it was when the execution was started.
 *
 * @param id the trace's id, 32 hex digits
 * @param parent the span that the execution's is a child of, 16 hex digits; empty if the execution begins the trace
 * @param sampled whether its spans are exported
 * @param state the header {@code tracestate}, as it came
 */
public record ExecutionTrace(String id, Optional<String> parent, boolean sampled, String state) {}
