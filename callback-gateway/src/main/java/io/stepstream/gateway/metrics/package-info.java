/** What a gateway measures; {@code docs/metrics.md} lists it. */
@NullMarked
package io.stepstream.gateway.metrics;

import org.jspecify.annotations.NullMarked;
