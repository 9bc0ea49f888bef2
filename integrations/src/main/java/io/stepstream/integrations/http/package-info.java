/** The HTTP tasks of state machines, {@code arn:aws:states:::http:invoke}: which addresses they may call, and how. */
@NullMarked
package io.stepstream.integrations.http;

import org.jspecify.annotations.NullMarked;
