/** Runs the recorded history again, and tells what has been touched. */
@NullMarked
package io.stepstream.audit;

import org.jspecify.annotations.NullMarked;
