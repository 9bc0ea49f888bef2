@NullMarked
package io.stepstream.chaos.check;

import org.jspecify.annotations.NullMarked;
