/** Files that are read again when they change. */
@NullMarked
package io.stepstream.gateway.watch;

import org.jspecify.annotations.NullMarked;
