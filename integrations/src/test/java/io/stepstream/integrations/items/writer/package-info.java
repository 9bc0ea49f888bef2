@NullMarked
package io.stepstream.integrations.items.writer;

import org.jspecify.annotations.NullMarked;
