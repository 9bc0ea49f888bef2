/** Recorded executions tried on another definition, with the results that their tasks had. */
@NullMarked
package io.stepstream.audit.whatif;

import org.jspecify.annotations.NullMarked;
