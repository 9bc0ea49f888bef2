@NullMarked
package io.stepstream.asl.definition;

import org.jspecify.annotations.NullMarked;
