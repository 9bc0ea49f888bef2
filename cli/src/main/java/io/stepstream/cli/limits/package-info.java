/** Limits of what runs at once: of state machines and of task names. */
@NullMarked
package io.stepstream.cli.limits;

import org.jspecify.annotations.NullMarked;
