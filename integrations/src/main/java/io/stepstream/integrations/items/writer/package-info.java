/** {@code stepstream-result-writer}: a Map Run's results, part by part, and their manifest. */
@NullMarked
package io.stepstream.integrations.items.writer;

import org.jspecify.annotations.NullMarked;
