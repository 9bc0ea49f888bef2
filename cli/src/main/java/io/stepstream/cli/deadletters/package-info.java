/** Dead letters: listed, shown, and their records sent again (ADR 0035). */
@NullMarked
package io.stepstream.cli.deadletters;

import org.jspecify.annotations.NullMarked;
