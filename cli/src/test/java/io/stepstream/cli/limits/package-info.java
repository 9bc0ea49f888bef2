@NullMarked
package io.stepstream.cli.limits;

import org.jspecify.annotations.NullMarked;
