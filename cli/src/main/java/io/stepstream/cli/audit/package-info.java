/** {@code stepstream audit}: what the log says, and whether it has been touched. */
@NullMarked
package io.stepstream.cli.audit;

import org.jspecify.annotations.NullMarked;
