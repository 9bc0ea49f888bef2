/** JMH benchmarks; docs/performance.md says how to run them and what they gave. */
@NullMarked
package io.stepstream.bench;

import org.jspecify.annotations.NullMarked;
