package io.stepstream.audit.log;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Instant;
import java.util.SortedMap;

/**
 * The recorded history, with the definitions and schemas that it takes to read and run it. Every topic is read partition by
 * partition, only committed records, in constant memory. Readers of different partitions may be used by different threads.
 */
public interface LogSource extends AutoCloseable {

    /** What it is, for people. */
    String name();

    /** Whether more may be appended while it is read: then statuses may be newer than the history that was read. */
    boolean isLive();

    /** The partitions of a topic, and what is in them now; empty if there is no such topic. */
    SortedMap<Integer, OffsetRange> partitions(LogTopic topic);

    /**
     * Reads a partition.
     *
     * @param from the first offset to be read
     * @param end one past the last
     */
    LogReader read(LogTopic topic, int partition, long from, long end);

    /** Reads a partition as far as it goes now. */
    default LogReader read(LogTopic topic, int partition) {
        var range = partitions(topic).getOrDefault(partition, new OffsetRange(0, 0));
        return read(topic, partition, range.first(), range.end());
    }

    /**
     * Where a partition's records of a time and later begin: all before it are older. A log that has no index of times says its first
     * offset.
     */
    default long firstSince(LogTopic topic, int partition, Instant time) {
        return partitions(topic).getOrDefault(partition, new OffsetRange(0, 0)).first();
    }

    /** The schemas that records name by id; registers none. */
    SchemaRegistry schemas();

    /** What reads its records: one for all of the log, since it makes a reader for each schema. */
    RecordCodec codec();

    @Override
    void close();
}
