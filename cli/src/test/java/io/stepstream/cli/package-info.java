@NullMarked
package io.stepstream.cli;

import org.jspecify.annotations.NullMarked;
