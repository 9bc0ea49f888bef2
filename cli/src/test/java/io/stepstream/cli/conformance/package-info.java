/** The recorded cases over the wire; run by {@code -Pconformance}. */
@org.jspecify.annotations.NullMarked
package io.stepstream.cli.conformance;
