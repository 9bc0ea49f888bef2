/** What goes on while there are faults: random executions, their workers and whoever answers by token; all of it from one seed. */
@NullMarked
package io.stepstream.chaos.world;

import org.jspecify.annotations.NullMarked;
