@NullMarked
package io.stepstream.load;

import org.jspecify.annotations.NullMarked;
