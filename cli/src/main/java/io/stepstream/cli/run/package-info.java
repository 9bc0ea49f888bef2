/** {@code stepstream run}: an execution in memory, with answers from a file or from a person, and its history as it happens. */
@NullMarked
package io.stepstream.cli.run;

import org.jspecify.annotations.NullMarked;
