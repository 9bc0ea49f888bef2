/** Faults, and the processes that they are done to. */
@NullMarked
package io.stepstream.chaos.fault;

import org.jspecify.annotations.NullMarked;
