@NullMarked
package io.stepstream.cli.demo;

import org.jspecify.annotations.NullMarked;
