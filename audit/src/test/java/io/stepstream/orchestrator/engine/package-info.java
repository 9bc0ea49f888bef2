@NullMarked
package io.stepstream.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
