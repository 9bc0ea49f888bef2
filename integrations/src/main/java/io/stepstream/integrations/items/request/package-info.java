/** What the engine's requests to the item workers are made of. */
@NullMarked
package io.stepstream.integrations.items.request;

import org.jspecify.annotations.NullMarked;
