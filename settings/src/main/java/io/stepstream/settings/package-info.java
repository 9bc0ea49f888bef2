/** The configuration of Stepstream's processes: one table of keys, read from properties, environment and a file. */
@NullMarked
package io.stepstream.settings;

import org.jspecify.annotations.NullMarked;
