/** The interpreter: one pure function from rows and a command to row changes and effects. */
@NullMarked
package io.stepstream.asl.execution;

import org.jspecify.annotations.NullMarked;
