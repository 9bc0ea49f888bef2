package io.stepstream.integrations.items.reader;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one file, of which any part can be read. Every part is of the same content, or reading it fails. */
interface Content extends Closeable {

    /** As errors name it. */
    String name();

    /** In bytes. */
    long size();

    /**
     * Reads so many bytes, or fewer if the file ends before.
     *
     * @param from less than the size
     */
    byte[] read(long from, int length) throws IOException;

    @Override
    default void close() throws IOException {}
}
