/** The same done to many executions or state machines: those that are named, or those that a search finds. */
@NullMarked
package io.stepstream.cli.executions;

import org.jspecify.annotations.NullMarked;
