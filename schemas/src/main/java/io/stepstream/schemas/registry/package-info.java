/** Where schemas get their ids: a registry that speaks Confluent's REST API. */
@NullMarked
package io.stepstream.schemas.registry;

import org.jspecify.annotations.NullMarked;
