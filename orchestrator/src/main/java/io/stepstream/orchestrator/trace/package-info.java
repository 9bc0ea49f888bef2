/** Spans of executions, made of rows as they were before a step and of what the step does; see ADR 0053. */
@NullMarked
package io.stepstream.orchestrator.trace;

import org.jspecify.annotations.NullMarked;
