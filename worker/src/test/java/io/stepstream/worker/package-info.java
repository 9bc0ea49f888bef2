@NullMarked
package io.stepstream.worker;

import org.jspecify.annotations.NullMarked;
