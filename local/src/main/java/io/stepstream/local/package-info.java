/** A real single-node Kafka and a schema registry in this JVM, for dev mode and tests. */
@NullMarked
package io.stepstream.local;

import org.jspecify.annotations.NullMarked;
