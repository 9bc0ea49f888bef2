/** What both APIs share about HTTP: reading bodies, JSON, and one mapping of errors. */
@NullMarked
package io.stepstream.gateway.http;

import org.jspecify.annotations.NullMarked;
