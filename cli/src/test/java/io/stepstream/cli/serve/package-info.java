@NullMarked
package io.stepstream.cli.serve;

import org.jspecify.annotations.NullMarked;
