/** Damaged definitions and inputs: whatever is given, the library answers with values, in bounded time and memory. */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.fuzz;
