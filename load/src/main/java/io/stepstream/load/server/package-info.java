/** The processes under load: the broker, the engine, the ceiling, the gateway. */
@NullMarked
package io.stepstream.load.server;

import org.jspecify.annotations.NullMarked;
