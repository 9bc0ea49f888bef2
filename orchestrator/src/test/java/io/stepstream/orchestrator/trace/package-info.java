@NullMarked
package io.stepstream.orchestrator.trace;

import org.jspecify.annotations.NullMarked;
