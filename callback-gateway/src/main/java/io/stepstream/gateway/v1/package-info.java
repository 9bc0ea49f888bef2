/** The native API under /v1. */
@NullMarked
package io.stepstream.gateway.v1;

import org.jspecify.annotations.NullMarked;
