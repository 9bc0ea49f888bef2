@NullMarked
package io.stepstream.integrations.notify;

import org.jspecify.annotations.NullMarked;
