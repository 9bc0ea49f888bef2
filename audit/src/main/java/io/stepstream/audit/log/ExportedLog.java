package io.stepstream.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.ExportFormat.Lead;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The log in a file that {@link LogExport} has written. Opening it reads where its frames are; each is read when it is its turn. */
public final class ExportedLog implements LogSource {
    private final Path file;
    private final FileChannel channel;
    private final List<Frame> frames = new ArrayList<>();
    private final Map<LogTopic, SortedMap<Integer, OffsetRange>> ranges = new EnumMap<>(LogTopic.class);
    private final SchemaRegistry schemas;
    private final RecordCodec codec;

    /** A frame and where its content is. */
    private record Frame(Lead lead, long position) {}

    /**
     * Opens a file.
     *
     * @throws UnreadableLog if it is none of ours, or is cut off
     */
    public ExportedLog(Path file) {
        this.file = file;
        try {
            channel = FileChannel.open(file);
            index();
            ranges();
            schemas = readSchemas();
            codec = new RecordCodec(schemas);
        } catch (IOException e) {
            throw new UnreadableLog(file + " cannot be read: " + e.getMessage() + "; export it again", e);
        }
    }

    @Override
    public String name() {
        return "file " + file;
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public SortedMap<Integer, OffsetRange> partitions(LogTopic topic) {
        return ranges.getOrDefault(topic, new TreeMap<>());
    }

    @Override
    public LogReader read(LogTopic topic, int partition, long from, long end) {
        var own = frames.stream()
                .filter(frame -> frame.lead().kind() == topic.letter()
                        && frame.lead().partition() == partition
                        && frame.lead().last() >= from
                        && frame.lead().first() < end)
                .iterator();
        return new Reader(topic, partition, own, from, end);
    }

    @Override
    public SchemaRegistry schemas() {
        return schemas;
    }

    @Override
    public RecordCodec codec() {
        return codec;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void index() throws IOException {
        var header = read(0, ExportFormat.HEADER.length);
        if (!Arrays.equals(header, ExportFormat.HEADER)) {
            throw new IOException("it does not begin as an exported log does");
        }
        long at = header.length;
        while (true) {
            var lead = Lead.read(ByteBuffer.wrap(read(at, Lead.BYTES)));
            if (!lead.isPossible()) {
                throw new IOException("there is no frame at byte " + at);
            }
            frames.add(new Frame(lead, at + Lead.BYTES));
            at += Lead.BYTES + lead.storedBytes();
            if (lead.kind() == ExportFormat.END) {
                break;
            }
        }
        if (at != channel.size()) {
            throw new IOException("something follows its end");
        }
    }

    private void ranges() throws IOException {
        for (var frame : frames) {
            if (frame.lead().kind() == ExportFormat.RANGES) {
                var in = ExportFormat.stream(content(frame));
                for (var i = 0; i < frame.lead().count(); i++) {
                    var letter = (char) in.readByte();
                    var topic = Arrays.stream(LogTopic.values())
                            .filter(known -> known.letter() == letter)
                            .findFirst()
                            .orElseThrow(() -> new IOException("there is no topic " + letter));
                    ranges.computeIfAbsent(topic, _ -> new TreeMap<>())
                            .put(in.readInt(), new OffsetRange(in.readLong(), in.readLong()));
                }
            }
        }
    }

    private SchemaRegistry readSchemas() throws IOException {
        var byId = new HashMap<Integer, Schema>();
        for (var frame : frames) {
            if (frame.lead().kind() == ExportFormat.SCHEMAS) {
                var in = ExportFormat.stream(content(frame));
                for (var i = 0; i < frame.lead().count(); i++) {
                    var id = in.readInt();
                    var text = ExportFormat.readBytes(in).orElseThrow(() -> new IOException("a schema without text"));
                    byId.put(id, new Schema.Parser().parse(new String(text.get(), UTF_8)));
                }
            }
        }
        return new ReadOnlySchemas(byId);
    }

    private byte[] content(Frame frame) throws IOException {
        return ExportFormat.content(
                frame.lead(), read(frame.position(), frame.lead().storedBytes()));
    }

    private byte[] read(long at, int length) throws IOException {
        var bytes = new byte[length];
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("it is cut off at byte " + (at + buffer.position()));
            }
        }
        return bytes;
    }

    /** Goes from frame to frame. */
    private final class Reader implements LogReader {
        private final LogTopic topic;
        private final int partition;
        private final Iterator<Frame> own;
        private final long from;
        private final long end;
        private @Nullable DataInputStream content;
        private int left;
        private Optional<LogRecord> next = Optional.empty();

        Reader(LogTopic topic, int partition, Iterator<Frame> own, long from, long end) {
            this.topic = topic;
            this.partition = partition;
            this.own = own;
            this.from = from;
            this.end = end;
        }

        @Override
        public boolean hasNext() {
            while (next.isEmpty()) {
                if (left == 0 && !own.hasNext()) {
                    return false;
                }
                var record = left == 0 ? nextFrame() : readRecord();
                next = record.filter(read -> read.offset() >= from && read.offset() < end);
            }
            return true;
        }

        private Optional<LogRecord> nextFrame() {
            var frame = own.next();
            try {
                content = ExportFormat.stream(content(frame));
                left = frame.lead().count();
                return Optional.empty();
            } catch (IOException e) {
                throw new DamagedLog(
                        topic, partition, frame.lead().first(), e.getMessage() + ", at byte " + frame.position());
            }
        }

        private Optional<LogRecord> readRecord() {
            if (content == null) {
                throw new IllegalStateException("no frame is open");
            }
            left--;
            try {
                return Optional.of(ExportFormat.readRecord(partition, content));
            } catch (IOException e) {
                left = 0;
                throw new DamagedLog(topic, partition, from, "a frame's content is no records: " + e.getMessage());
            }
        }

        @Override
        public LogRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var read = next.orElseThrow();
            next = Optional.empty();
            return read;
        }

        @Override
        public void close() {
            content = null;
        }
    }
}
