package io.stepstream.integrations.items.reader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file's bytes from an offset on, fetched in parts that grow: a page of items takes one or two, and a search through a long file few.
 * It has a fence, which whoever parses it moves along: what needs more bytes than that is too long.
 */
final class ContentStream extends InputStream {

    /** Source of one item, in bytes: no page takes more of its JSON text than a fraction of this. */
    static final int LONGEST_ITEM = 8 * 1024 * 1024;

    private static final int FIRST_PART = 64 * 1024;
    private static final int LARGEST_PART = 4 * 1024 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Content content;
    private byte[] part = {};
    private int next;
    private int partLength = FIRST_PART;
    private long position;
    private long fence = Long.MAX_VALUE;

    /** Thrown by a read beyond the fence. */
    static final class TooLong extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    ContentStream(Content content, long from) {
        this.content = content;
        this.position = from;
    }

    /**
     * Where the items of a file begin: behind a UTF-8 byte order mark, if it has one.
     *
     * @throws ItemReaderFailed if it begins as only other encodings do
     */
    static long beginning(Content content) throws ItemReaderFailed, IOException {
        if (content.size() == 0) {
            return 0;
        }
        byte[] first = content.read(0, 4);
        for (byte b : first) {
            if (b == 0 || b == (byte) 0xFE || b == (byte) 0xFF) {
                throw new ItemReaderFailed(content.name()
                        + " is not UTF-8: it begins as UTF-16 or UTF-32 does, or is no text;" + " convert the file");
            }
        }
        int mark = BYTE_ORDER_MARK.length;
        return first.length >= mark && Arrays.equals(Arrays.copyOf(first, mark), BYTE_ORDER_MARK) ? mark : 0;
    }

    /** Offset of the next byte. */
    long position() {
        return position;
    }

    /** Lets an item that begins here be read, and no more. */
    void fenceItem(long beginning) {
        fence = beginning + LONGEST_ITEM;
    }

    void fenceAt(long offset) {
        fence = offset;
    }

    @Override
    public int read() throws IOException {
        if (!fill()) {
            return -1;
        }
        position++;
        return part[next++] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = (int) Math.min(Math.min(length, part.length - next), fence - position);
        System.arraycopy(part, next, target, offset, taken);
        next += taken;
        position += taken;
        return taken;
    }

    /** The bytes up to the next line feed or the end, without it; empty at the end. */
    Optional<byte[]> line() throws IOException {
        if (!fill()) {
            return Optional.empty();
        }
        var line = new ByteArrayOutputStream();
        while (fill()) {
            int most = next + (int) Math.min(part.length - next, fence - position);
            int end = next;
            while (end < most && part[end] != '\n') {
                end++;
            }
            line.write(part, next, end - next);
            position += end - next;
            next = end;
            if (end < most) {
                position++;
                next++;
                break;
            }
        }
        return Optional.of(line.toByteArray());
    }

    /** Makes sure that there is a byte; false at the end. */
    private boolean fill() throws IOException {
        if (next == part.length) {
            if (position >= content.size()) {
                return false;
            }
            if (position >= fence) {
                throw new TooLong();
            }
            part = content.read(position, (int) Math.min(partLength, fence - position));
            next = 0;
            partLength = Math.min(partLength * 2, LARGEST_PART);
        } else if (position >= fence) {
            throw new TooLong();
        }
        return true;
    }
}
