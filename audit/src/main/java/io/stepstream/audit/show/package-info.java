/** One execution as it was at a moment, rebuilt by running its recorded steps again. */
@NullMarked
package io.stepstream.audit.show;

import org.jspecify.annotations.NullMarked;
