/** How much anybody may ask for: sizes, times, rates, calls at once. */
@NullMarked
package io.stepstream.gateway.limits;

import org.jspecify.annotations.NullMarked;
