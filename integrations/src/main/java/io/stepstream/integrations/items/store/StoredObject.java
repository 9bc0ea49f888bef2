package io.stepstream.integrations.items.store;

/**
 * An object as it was when it was looked up.
 *
 * @param size in bytes
 * @param tag another one whenever the content is another: the ETag, or what a file system knows that comes near it
 */
public record StoredObject(ObjectAddress address, long size, String tag) {}
