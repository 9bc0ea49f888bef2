/** Dev mode: Kafka, registry, orchestrator and gateway in one JVM, on one data folder and loopback only. */
@NullMarked
package io.stepstream.cli.dev;

import org.jspecify.annotations.NullMarked;
