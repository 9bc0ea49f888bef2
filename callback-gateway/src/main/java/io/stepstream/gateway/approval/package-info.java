/** Pages on which a person sees what is asked and decides. */
@NullMarked
package io.stepstream.gateway.approval;

import org.jspecify.annotations.NullMarked;
