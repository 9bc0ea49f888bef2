/** The {@code stepstream} command: what it understands, and what it says when it cannot. */
@NullMarked
package io.stepstream.cli;

import org.jspecify.annotations.NullMarked;
