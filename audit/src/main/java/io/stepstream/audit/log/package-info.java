/** The recorded history and what is needed to read it, wherever it is: on a cluster, in a stopped broker's folder, in an exported file. */
@NullMarked
package io.stepstream.audit.log;

import org.jspecify.annotations.NullMarked;
