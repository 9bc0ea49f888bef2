/** The approval example, played in dev mode: its workers, its mail server with an inbox to look at, and the story as it is told. */
@NullMarked
package io.stepstream.cli.demo;

import org.jspecify.annotations.NullMarked;
