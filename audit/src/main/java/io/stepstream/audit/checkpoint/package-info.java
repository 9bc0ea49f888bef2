/** Signed statements of what a partition's history was, and how they are made and checked. */
@NullMarked
package io.stepstream.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
