@NullMarked
package io.stepstream.integrations.trigger;

import org.jspecify.annotations.NullMarked;
