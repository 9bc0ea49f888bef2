/** {@code stepstream-item-reader}: a distributed Map's items, page by page. */
@NullMarked
package io.stepstream.integrations.items.reader;

import org.jspecify.annotations.NullMarked;
