/** Compares what was recorded with what the steps give when they are run again, and tells what differs. */
@NullMarked
package io.stepstream.audit.verify;

import org.jspecify.annotations.NullMarked;
