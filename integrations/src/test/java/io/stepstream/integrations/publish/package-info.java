@NullMarked
package io.stepstream.integrations.publish;

import org.jspecify.annotations.NullMarked;
