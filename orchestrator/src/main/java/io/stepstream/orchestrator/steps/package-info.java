/**
 * One step: the rows that it reads and writes, what goes into it, and the history record that is made of it. Engine and audit both
 * make steps from here, so that a step that is run again is the same step.
 */
@NullMarked
package io.stepstream.orchestrator.steps;

import org.jspecify.annotations.NullMarked;
