/** Runs recorded steps again, and keeps the rows that they leave, so that an execution's state is known after every record. */
@NullMarked
package io.stepstream.audit.replay;

import org.jspecify.annotations.NullMarked;
