/** What an orchestrator measures; {@code docs/metrics.md} lists it. */
@NullMarked
package io.stepstream.orchestrator.metrics;

import org.jspecify.annotations.NullMarked;
