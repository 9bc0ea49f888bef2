@NullMarked
package io.stepstream.orchestrator.api;

import org.jspecify.annotations.NullMarked;
