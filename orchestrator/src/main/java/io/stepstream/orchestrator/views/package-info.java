/**
 * The read side: a second Streams application that reads {@code history} and {@code executions} and keeps what queries need.
 * It is at least once and can be rebuilt from those topics; nothing here is ever read by the engine.
 */
@NullMarked
package io.stepstream.orchestrator.views;

import org.jspecify.annotations.NullMarked;
