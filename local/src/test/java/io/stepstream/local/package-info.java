@NullMarked
package io.stepstream.local;

import org.jspecify.annotations.NullMarked;
