@NullMarked
package io.stepstream.cli.executions;

import org.jspecify.annotations.NullMarked;
