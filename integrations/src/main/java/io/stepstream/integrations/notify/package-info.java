/** The notifier: asks people by e-mail, and other services by webhooks. */
@NullMarked
package io.stepstream.integrations.notify;

import org.jspecify.annotations.NullMarked;
