/**
 * Executions played in memory, with time that is skipped: what carries out the interpreter's effects where there is no Kafka. Pure as
 * the interpreter is: the same arguments give the same rehearsal.
 */
@NullMarked
package io.stepstream.asl.rehearsal;

import org.jspecify.annotations.NullMarked;
