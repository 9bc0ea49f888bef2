/** The orchestrator: the engine, the read side and its query API in one process. */
@NullMarked
package io.stepstream.orchestrator;

import org.jspecify.annotations.NullMarked;
