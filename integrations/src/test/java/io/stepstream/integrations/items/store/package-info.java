@NullMarked
package io.stepstream.integrations.items.store;

import org.jspecify.annotations.NullMarked;
