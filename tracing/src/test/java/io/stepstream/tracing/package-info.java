@NullMarked
package io.stepstream.tracing;

import org.jspecify.annotations.NullMarked;
