@NullMarked
package io.stepstream.asl.data;

import org.jspecify.annotations.NullMarked;
