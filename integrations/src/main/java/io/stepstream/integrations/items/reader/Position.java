package io.stepstream.integrations.items.reader;

/**
 * Where reading a file goes on.
 *
 * @param offset of a byte; its meaning is the format's
 * @param row how many items of the file were read before
 */
record Position(long offset, long row) {

    static final Position START = new Position(0, 0);
}
