/** The log's history records, read one after the other, and how what is in them is shown: payloads inlined, secrets hidden. */
@NullMarked
package io.stepstream.audit.records;

import org.jspecify.annotations.NullMarked;
