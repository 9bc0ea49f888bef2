/** The engine as the gateway sees it: commands out, verdicts and definitions in, queries to its read side. */
@NullMarked
package io.stepstream.gateway.engine;

import org.jspecify.annotations.NullMarked;
