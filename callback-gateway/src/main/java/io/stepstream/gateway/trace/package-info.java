/** Spans of requests; see docs/tracing.md. */
@NullMarked
package io.stepstream.gateway.trace;

import org.jspecify.annotations.NullMarked;
