/** Starts executions for records of other people's topics: which, of which state machine, and with what input. */
@NullMarked
package io.stepstream.integrations.trigger;

import org.jspecify.annotations.NullMarked;
