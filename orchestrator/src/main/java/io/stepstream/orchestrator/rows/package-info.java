/** The rows of executions and resources in their store: keys, packing, bytes. */
@NullMarked
package io.stepstream.orchestrator.rows;

import org.jspecify.annotations.NullMarked;
