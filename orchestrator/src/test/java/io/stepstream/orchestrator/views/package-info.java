@NullMarked
package io.stepstream.orchestrator.views;

import org.jspecify.annotations.NullMarked;
