package io.stepstream.integrations.items.store;

import java.util.Optional;

/** Buckets of objects. Safe for use by many threads. */
public interface ObjectStore extends AutoCloseable {

    /** The most entries that a listing's page may be asked for: S3's own bound. */
    int MAX_LISTED = 1000;

    /**
     * Looks an object up.
     *
     * @throws StoreFailure if there is none, or it cannot be reached
     */
    StoredObject find(ObjectAddress address) throws StoreFailure;

    /**
     * Reads a part of an object: as many bytes as asked for, unless the object ends before.
     *
     * @param from offset of the first byte, less than the object's size
     * @param length at least 1
     * @throws StoreFailure if the object is not the one that was looked up, or cannot be read
     */
    byte[] read(StoredObject object, long from, int length) throws StoreFailure;

    /**
     * Lists objects in the order of their keys' UTF-8 bytes.
     *
     * @param after only keys after this one
     * @param most at most so many, up to {@link #MAX_LISTED}
     */
    Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure;

    /** Writes an object, in place of another of that key if there is one: readers see the one or the other, whole. */
    void write(ObjectAddress address, byte[] content, String contentType) throws StoreFailure;

    @Override
    void close();
}
