/** The built-in workers of a distributed Map: its item reader and its result writer. */
@NullMarked
package io.stepstream.integrations.items;

import org.jspecify.annotations.NullMarked;
