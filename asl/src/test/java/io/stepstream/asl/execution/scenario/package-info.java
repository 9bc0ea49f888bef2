/** Scenarios: executions written as text, to be driven through the interpreter alone or through a whole engine. */
@NullMarked
package io.stepstream.asl.execution.scenario;

import org.jspecify.annotations.NullMarked;
