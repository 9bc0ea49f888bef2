@NullMarked
package io.stepstream.audit.log;

import org.jspecify.annotations.NullMarked;
