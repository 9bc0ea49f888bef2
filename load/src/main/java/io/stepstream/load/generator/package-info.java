/** The generator's process: starts executions, answers their tasks, and measures what a client sees. */
@NullMarked
package io.stepstream.load.generator;

import org.jspecify.annotations.NullMarked;
