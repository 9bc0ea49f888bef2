@NullMarked
package io.stepstream.orchestrator;

import org.jspecify.annotations.NullMarked;
