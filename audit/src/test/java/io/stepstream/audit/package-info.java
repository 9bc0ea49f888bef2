@NullMarked
package io.stepstream.audit;

import org.jspecify.annotations.NullMarked;
