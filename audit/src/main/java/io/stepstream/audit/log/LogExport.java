package io.stepstream.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a log into a file that {@link ExportedLog} reads: every record as it is stored, with the schemas and definitions, so that
 * the file is all that an auditor needs.
 */
public final class LogExport implements AutoCloseable {
    private final OutputStream out;
    private final Set<Integer> schemaIds = new TreeSet<>();
    private final Map<Place, Frame> open = new LinkedHashMap<>();
    private final ByteArrayOutputStream ranges = new ByteArrayOutputStream();
    private int rangeCount;
    private long records;

    private record Place(LogTopic topic, int partition) {}

    /** A frame that is being filled. */
    private static final class Frame {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(content);
        private final long first;
        private long last;
        private int count;

        Frame(long first) {
            this.first = first;
        }
    }

    /** Begins a file with its header. */
    public LogExport(OutputStream out) throws IOException {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.out.write(ExportFormat.HEADER);
    }

    /** Whether a file opens what is sealed in it, given the master keys: for as long as there is a copy of it, purged or not. */
    public enum Keys {
        LEFT_OUT,
        INCLUDED
    }

    /**
     * Writes a whole log. The file is there under its name only once it is complete.
     *
     * @return how many records it holds
     */
    public static long write(LogSource source, Path file, Keys keys) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        long written;
        try (var export = new LogExport(Files.newOutputStream(part))) {
            for (var topic : topics(keys)) {
                for (var at : source.partitions(topic).entrySet()) {
                    export.partition(topic, at.getKey(), at.getValue());
                    try (var reader = source.read(
                            topic,
                            at.getKey(),
                            at.getValue().first(),
                            at.getValue().end())) {
                        while (reader.hasNext()) {
                            export.add(topic, reader.next());
                        }
                    }
                    export.closeFrames();
                }
            }
            written = export.finish(source.schemas());
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return written;
    }

    private static List<LogTopic> topics(Keys keys) {
        return switch (keys) {
            case LEFT_OUT -> List.of(LogTopic.DEFINITIONS, LogTopic.HISTORY, LogTopic.EXECUTIONS, LogTopic.CHECKPOINTS);
            case INCLUDED -> List.of(LogTopic.values());
        };
    }

    /** Says that a partition is in the file, and what is in it. */
    public void partition(LogTopic topic, int partition, OffsetRange range) {
        ranges.writeBytes(ByteBuffer.allocate(1 + 4 + 8 + 8)
                .put((byte) topic.letter())
                .putInt(partition)
                .putLong(range.first())
                .putLong(range.end())
                .array());
        rangeCount++;
    }

    /** Appends a record; those of one partition come in order. A frame of every partition that is written to is kept in memory. */
    public void add(LogTopic topic, LogRecord record) throws IOException {
        var place = new Place(topic, record.partition());
        var frame = open.computeIfAbsent(place, _ -> new Frame(record.offset()));
        ExportFormat.write(record, frame.out);
        frame.last = record.offset();
        frame.count++;
        record.value().ifPresent(value -> {
            if (value.get().length > 5 && value.get()[0] == 0) {
                schemaIds.add(ByteBuffer.wrap(value.get()).getInt(1));
            }
        });
        records++;
        if (frame.content.size() >= ExportFormat.FRAME_BYTES) {
            write(place, frame);
            open.remove(place);
        }
    }

    /** Appends the schemas that the records name, and the end; returns how many records there are. */
    public long finish(SchemaRegistry schemas) throws IOException {
        closeFrames();
        var content = new ByteArrayOutputStream();
        var frame = new DataOutputStream(content);
        var count = 0;
        for (var id : schemaIds) {
            try {
                var text = schemas.byId(id).toString().getBytes(UTF_8);
                frame.writeInt(id);
                frame.writeInt(text.length);
                frame.write(text);
                count++;
            } catch (UnknownSchema e) {
                // A record that is damaged names any number; whoever reads it says so.
                continue;
            }
        }
        out.write(ExportFormat.frame(ExportFormat.SCHEMAS, 0, 0, 0, count, content.toByteArray()));
        out.write(ExportFormat.frame(ExportFormat.RANGES, 0, 0, 0, rangeCount, ranges.toByteArray()));
        out.write(ExportFormat.frame(ExportFormat.END, 0, 0, records, 0, new byte[0]));
        out.flush();
        return records;
    }

    private void closeFrames() throws IOException {
        for (var frame : open.entrySet()) {
            write(frame.getKey(), frame.getValue());
        }
        open.clear();
    }

    private void write(Place place, Frame frame) throws IOException {
        out.write(ExportFormat.frame(
                place.topic().letter(),
                place.partition(),
                frame.first,
                frame.last,
                frame.count,
                frame.content.toByteArray()));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
