/** Where objects are: in a mapped directory, or at an S3-compatible endpoint. Knows nothing of tasks or Kafka. */
@NullMarked
package io.stepstream.integrations.items.store;

import org.jspecify.annotations.NullMarked;
