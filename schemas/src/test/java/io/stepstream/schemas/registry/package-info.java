@NullMarked
package io.stepstream.schemas.registry;

import org.jspecify.annotations.NullMarked;
