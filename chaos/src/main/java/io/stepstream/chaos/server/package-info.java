/** The processes of an installation that faults are done to, beside those of {@code load}. */
@NullMarked
package io.stepstream.chaos.server;

import org.jspecify.annotations.NullMarked;
