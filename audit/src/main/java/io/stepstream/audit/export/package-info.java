/** The history as a file for other tools: JSON lines, an Avro container or CSV, written as it is read. */
@NullMarked
package io.stepstream.audit.export;

import org.jspecify.annotations.NullMarked;
