@NullMarked
package io.stepstream.orchestrator.rows;

import org.jspecify.annotations.NullMarked;
