@NullMarked
package io.stepstream.orchestrator.metrics;

import org.jspecify.annotations.NullMarked;
