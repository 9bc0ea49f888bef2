/** {@code stepstream validate}: what the language's rules find in a file, and where in it. */
@NullMarked
package io.stepstream.cli.validate;

import org.jspecify.annotations.NullMarked;
