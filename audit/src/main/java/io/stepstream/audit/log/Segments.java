package io.stepstream.audit.log;

import io.stepstream.audit.log.LogRecord.LogHeader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * One partition in a stopped broker's folder, read from its segments by Kafka's own classes. What is committed is found as a
 * broker finds it after a crash: from the markers at the end of transactions, in a first pass over the batches' headers.
 */
final class Segments {
    private final LogTopic topic;
    private final int partition;
    private final List<Path> files;
    private final Map<Long, NavigableMap<Long, Long>> aborted = new HashMap<>();
    private final NavigableMap<Long, String> damage = new TreeMap<>();
    private final OffsetRange range;

    /** Reads the headers of the partition in this folder. */
    Segments(LogTopic topic, int partition, Path folder) {
        this.topic = topic;
        this.partition = partition;
        try (var content = Files.list(folder)) {
            files = content.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UnreadableLog("the partition's folder " + folder + " cannot be read: " + e, e);
        }
        range = survey();
    }

    /** First offset, and the last stable one: nothing behind the first transaction that has not ended can be read. */
    OffsetRange range() {
        return range;
    }

    LogReader read(long from, long end) {
        return new Reader(from, Math.min(end, range.end()));
    }

    private OffsetRange survey() {
        var open = new HashMap<Long, Long>();
        var first = files.isEmpty() ? 0 : baseOffset(files.getFirst());
        var end = first;
        for (var file : files) {
            end = survey(file, end, open);
        }
        return new OffsetRange(first, open.values().stream().min(Long::compare).orElse(end));
    }

    /** Goes over the batches of a file; answers where its records end. */
    private long survey(Path file, long begin, Map<Long, Long> open) {
        var end = begin;
        try (var records = FileRecords.open(file.toFile(), false)) {
            var bytes = 0L;
            for (var batch : records.batches()) {
                if (batch.magic() != RecordBatch.CURRENT_MAGIC_VALUE) {
                    damage.put(end, "from here on, " + file.getFileName() + " says to be of format " + batch.magic());
                    return end;
                }
                // Records of this topic are deleted from its beginning only; compaction leaves gaps in others.
                if (topic == LogTopic.HISTORY && batch.baseOffset() != end) {
                    damage.put(end, "the next batch says to be at offset " + batch.baseOffset());
                }
                if (batch.lastOffset() < batch.baseOffset()) {
                    damage.put(end, "a batch says to end before it begins");
                }
                end = Math.max(batch.baseOffset(), batch.lastOffset()) + 1;
                bytes = (long) batch.position() + batch.sizeInBytes();
                if (!isWhole(batch)) {
                    continue;
                }
                if (batch.isControlBatch()) {
                    note(batch, open);
                } else if (batch.isTransactional()) {
                    open.putIfAbsent(batch.producerId(), batch.baseOffset());
                }
            }
            if (bytes < records.sizeInBytes()) {
                damage.put(
                        end,
                        (records.sizeInBytes() - bytes) + " bytes at the end of " + file.getFileName()
                                + " are no whole batch: after a crash, start and stop what writes there once; if it"
                                + " has been stopped in order, they were changed");
            }
        } catch (KafkaException e) {
            damage.put(end, "from here on, " + file.getFileName() + " cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return end;
    }

    /** Whether a batch has the checksum of what is in it: of any other not even the producer can be believed. */
    private boolean isWhole(FileChannelRecordBatch batch) {
        try {
            batch.ensureValid();
            return true;
        } catch (KafkaException e) {
            damage.put(batch.baseOffset(), "the batch cannot be read: " + e.getMessage());
            return false;
        }
    }

    private void note(FileChannelRecordBatch marker, Map<Long, Long> open) {
        var began = open.remove(marker.producerId());
        if (began != null && kind(marker) == ControlRecordType.ABORT) {
            aborted.computeIfAbsent(marker.producerId(), _ -> new TreeMap<>()).put(began, marker.lastOffset());
        }
    }

    private static ControlRecordType kind(FileChannelRecordBatch marker) {
        try (var records = marker.streamingIterator(BufferSupplier.NO_CACHING)) {
            return ControlRecordType.parse(records.next().key());
        }
    }

    private boolean isAborted(RecordBatch batch) {
        if (!batch.isTransactional()) {
            return false;
        }
        var transaction =
                aborted.getOrDefault(batch.producerId(), new TreeMap<>()).floorEntry(batch.baseOffset());
        return transaction != null && batch.lastOffset() <= transaction.getValue();
    }

    private static long baseOffset(Path segment) {
        var name = segment.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** Goes through the segments, batch by batch. */
    private final class Reader implements LogReader {
        private final long from;
        private final long end;
        private final BufferSupplier buffers = BufferSupplier.create();
        private final Iterator<Path> segments;
        private final Iterator<Map.Entry<Long, String>> found;
        private @Nullable FileRecords segment;
        private @Nullable Iterator<FileChannelRecordBatch> batches;
        private @Nullable CloseableIterator<Record> records;
        private @Nullable LogRecord next;
        private long position;

        Reader(long from, long end) {
            this.from = from;
            this.end = end;
            this.position = from;
            var begin = 0;
            while (begin + 1 < files.size() && baseOffset(files.get(begin + 1)) <= from) {
                begin++;
            }
            segments = files.subList(begin, files.size()).iterator();
            found = damage.tailMap(from).entrySet().iterator();
        }

        @Override
        public boolean hasNext() {
            if (next == null && found.hasNext()) {
                var at = found.next();
                throw new DamagedLog(topic, partition, at.getKey(), at.getValue());
            }
            while (next == null && position < end && advance()) {}
            return next != null;
        }

        /** One record, batch or segment further; false at the end of the last segment. */
        private boolean advance() {
            if (records != null && records.hasNext()) {
                var record = records.next();
                position = record.offset() + 1;
                if (record.offset() >= from && record.offset() < end) {
                    next = logRecord(record);
                }
                return true;
            }
            close(records);
            records = null;
            if (batches != null && hasNextBatch(batches)) {
                open(batches.next());
                return true;
            }
            close(segment);
            segment = null;
            batches = null;
            if (!segments.hasNext()) {
                return false;
            }
            try {
                segment = FileRecords.open(segments.next().toFile(), false);
                batches = segment.batches().iterator();
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean hasNextBatch(Iterator<FileChannelRecordBatch> following) {
            try {
                return following.hasNext();
            } catch (KafkaException e) {
                // Where a batch's length is not to be trusted, nothing behind it in this file is; the survey has found
                // it.
                return false;
            }
        }

        private void open(FileChannelRecordBatch batch) {
            if (batch.magic() != RecordBatch.CURRENT_MAGIC_VALUE) {
                // Nothing behind it in this file can be believed; the survey has found it, and it has been told.
                batches = null;
                return;
            }
            if (batch.lastOffset() < from || batch.isControlBatch() || isAborted(batch)) {
                position = Math.max(position, batch.nextOffset());
                return;
            }
            try {
                batch.ensureValid();
                records = batch.streamingIterator(buffers);
            } catch (KafkaException e) {
                // The survey has found it, and it has been told.
                position = Math.max(position, batch.baseOffset() + 1);
            }
        }

        private LogRecord logRecord(Record record) {
            var headers = Arrays.stream(record.headers())
                    .map(header -> new LogHeader(
                            header.key(), Optional.ofNullable(header.value()).map(Bytes::wrap)))
                    .toList();
            return new LogRecord(
                    partition,
                    record.offset(),
                    record.timestamp(),
                    bytes(record.key()),
                    bytes(record.value()),
                    headers);
        }

        @Override
        public LogRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var read = next;
            next = null;
            if (read == null) {
                throw new NoSuchElementException();
            }
            return read;
        }

        @Override
        public void close() {
            close(records);
            close(segment);
            buffers.close();
        }

        private static void close(@Nullable Closeable closeable) {
            if (closeable != null) {
                try {
                    closeable.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static Optional<Bytes> bytes(java.nio.@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return Optional.empty();
        }
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Optional.of(Bytes.wrap(bytes));
    }
}
