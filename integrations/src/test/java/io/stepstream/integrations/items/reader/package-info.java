@NullMarked
package io.stepstream.integrations.items.reader;

import org.jspecify.annotations.NullMarked;
