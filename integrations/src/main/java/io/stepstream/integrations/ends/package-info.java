/** Tells of executions' ends in the topics that their state machines name. */
@NullMarked
package io.stepstream.integrations.ends;

import org.jspecify.annotations.NullMarked;
