/** The engine's topology: one processor that takes commands, results and its own messages, steps executions, and sends what comes of it. */
@NullMarked
package io.stepstream.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
