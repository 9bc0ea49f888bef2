package io.stepstream.integrations.items.store;

import java.time.Instant;

/**
 * An entry of a listing.
 *
 * @param size in bytes
 */
public record ListedObject(String key, long size, String tag, Instant lastModified, String storageClass) {}
