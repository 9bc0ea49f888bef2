/** The internal, authenticated HTTP API of the read side, which gateways ask; any instance answers for all. */
@NullMarked
package io.stepstream.orchestrator.api;

import org.jspecify.annotations.NullMarked;
