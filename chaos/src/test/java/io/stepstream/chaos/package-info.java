@NullMarked
package io.stepstream.chaos;

import org.jspecify.annotations.NullMarked;
