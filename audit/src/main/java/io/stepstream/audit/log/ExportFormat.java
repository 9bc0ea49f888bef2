package io.stepstream.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.stepstream.audit.log.LogRecord.LogHeader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.utils.Bytes;

/**
 * The form of an exported file, which docs/audit.md describes: a header, then frames, each compressed by itself with zstd and led by
 * what is in it. Numbers are big-endian.
 */
final class ExportFormat {
    static final byte[] HEADER = "stepstream-log 1\n".getBytes(UTF_8);
    /** Frames are closed once they hold so many bytes, before compression. */
    static final int FRAME_BYTES = 512 * 1024;
    /** No honest frame is larger: one record of the largest kind on top of a full one. */
    static final int MAX_FRAME_BYTES = 8 * 1024 * 1024;

    static final char SCHEMAS = 'S';
    static final char RANGES = 'R';
    static final char END = 'E';

    private static final int LEVEL = 3;

    private ExportFormat() {}

    /**
     * What a frame begins with.
     *
     * @param kind a topic's letter, or one of the others
     * @param first offset of its first record
     * @param last offset of its last record
     * @param count how many records, schemas or ranges
     * @param rawBytes length of the content
     * @param storedBytes length of the compressed content, which follows
     * @param crc CRC-32C over this lead (with 0 here) and the compressed content
     */
    record Lead(char kind, int partition, long first, long last, int count, int rawBytes, int storedBytes, int crc) {
        static final int BYTES = 1 + 4 + 8 + 8 + 4 + 4 + 4 + 4;

        byte[] bytes() {
            return ByteBuffer.allocate(BYTES)
                    .put((byte) kind)
                    .putInt(partition)
                    .putLong(first)
                    .putLong(last)
                    .putInt(count)
                    .putInt(rawBytes)
                    .putInt(storedBytes)
                    .putInt(crc)
                    .array();
        }

        static Lead read(ByteBuffer from) {
            return new Lead(
                    (char) from.get(),
                    from.getInt(),
                    from.getLong(),
                    from.getLong(),
                    from.getInt(),
                    from.getInt(),
                    from.getInt(),
                    from.getInt());
        }

        /** Whether these can be a frame's sizes. */
        boolean isPossible() {
            return rawBytes >= 0
                    && rawBytes <= MAX_FRAME_BYTES
                    && storedBytes >= 0
                    && storedBytes <= MAX_FRAME_BYTES
                    && count >= 0;
        }
    }

    /** A frame, ready to be written. */
    static byte[] frame(char kind, int partition, long first, long last, int count, byte[] content) {
        var stored = Zstd.compress(content, LEVEL);
        var lead = new Lead(kind, partition, first, last, count, content.length, stored.length, 0);
        var sealed = new Lead(kind, partition, first, last, count, content.length, stored.length, crc(lead, stored));
        return ByteBuffer.allocate(Lead.BYTES + stored.length)
                .put(sealed.bytes())
                .put(stored)
                .array();
    }

    /**
     * The content of a frame.
     *
     * @throws IOException if it is damaged
     */
    static byte[] content(Lead lead, byte[] stored) throws IOException {
        var unsealed = new Lead(
                lead.kind(),
                lead.partition(),
                lead.first(),
                lead.last(),
                lead.count(),
                lead.rawBytes(),
                stored.length,
                0);
        if (crc(unsealed, stored) != lead.crc()) {
            throw new IOException("the frame's checksum is wrong");
        }
        var content = new byte[lead.rawBytes()];
        var size = Zstd.decompress(content, stored);
        if (Zstd.isError(size) || size != content.length) {
            throw new IOException("the frame does not decompress to " + content.length + " bytes");
        }
        return content;
    }

    private static int crc(Lead lead, byte[] stored) {
        var crc = new CRC32C();
        crc.update(lead.bytes());
        crc.update(stored);
        return (int) crc.getValue();
    }

    static void write(LogRecord record, DataOutputStream to) throws IOException {
        to.writeLong(record.offset());
        to.writeLong(record.timestamp());
        write(record.key(), to);
        write(record.value(), to);
        to.writeShort(record.headers().size());
        for (var header : record.headers()) {
            write(Optional.of(Bytes.wrap(header.name().getBytes(UTF_8))), to);
            write(header.value(), to);
        }
    }

    private static void write(Optional<Bytes> bytes, DataOutputStream to) throws IOException {
        if (bytes.isEmpty()) {
            to.writeInt(-1);
        } else {
            to.writeInt(bytes.get().get().length);
            to.write(bytes.get().get());
        }
    }

    static LogRecord readRecord(int partition, DataInputStream from) throws IOException {
        var offset = from.readLong();
        var timestamp = from.readLong();
        var key = readBytes(from);
        var value = readBytes(from);
        var count = from.readUnsignedShort();
        var headers = new ArrayList<LogHeader>(count);
        for (var i = 0; i < count; i++) {
            var name = readBytes(from).orElseThrow(() -> new IOException("a header without a name"));
            headers.add(new LogHeader(new String(name.get(), UTF_8), readBytes(from)));
        }
        return new LogRecord(partition, offset, timestamp, key, value, headers);
    }

    static Optional<Bytes> readBytes(DataInputStream from) throws IOException {
        var length = from.readInt();
        if (length == -1) {
            return Optional.empty();
        }
        if (length < 0 || length > from.available()) {
            throw new IOException("a length of " + length + " with " + from.available() + " bytes left");
        }
        return Optional.of(Bytes.wrap(from.readNBytes(length)));
    }

    static DataInputStream stream(byte[] content) {
        return new DataInputStream(new ByteArrayInputStream(content));
    }
}
