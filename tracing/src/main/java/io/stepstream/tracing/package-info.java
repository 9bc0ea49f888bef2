/** Spans by OpenTelemetry, and the trace context of records; see docs/tracing.md and ADR 0053. */
@org.jspecify.annotations.NullMarked
package io.stepstream.tracing;
