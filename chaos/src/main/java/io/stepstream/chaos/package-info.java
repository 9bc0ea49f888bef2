/** Chaos: a run of random executions among random faults, and what the checker says of it. */
@NullMarked
package io.stepstream.chaos;

import org.jspecify.annotations.NullMarked;
