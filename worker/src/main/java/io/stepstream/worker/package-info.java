/**
 * Services that do tasks: a {@link io.stepstream.worker.Worker} takes task requests by name from a share group and writes their
 * results.
 */
@NullMarked
package io.stepstream.worker;

import org.jspecify.annotations.NullMarked;
