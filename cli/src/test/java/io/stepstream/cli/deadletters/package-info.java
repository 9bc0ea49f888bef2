@NullMarked
package io.stepstream.cli.deadletters;

import org.jspecify.annotations.NullMarked;
