/** Trying again what may go better the next time. */
@NullMarked
package io.stepstream.integrations.retry;

import org.jspecify.annotations.NullMarked;
