/** The contract between all parts: topics, names, records on the wire, task tokens and approval links. */
@NullMarked
package io.stepstream.schemas;

import org.jspecify.annotations.NullMarked;
