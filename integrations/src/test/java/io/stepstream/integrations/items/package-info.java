@NullMarked
package io.stepstream.integrations.items;

import org.jspecify.annotations.NullMarked;
