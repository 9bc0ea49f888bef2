package io.stepstream.audit.log;

/** A part of the log is there and cannot be read: its checksum is wrong, or its form. */
public final class DamagedLog extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final LogTopic topic;
    private final int partition;
    private final long offset;

    public DamagedLog(LogTopic topic, int partition, long offset, String message) {
        super(message);
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
    }

    public LogTopic topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    /** The first offset of what cannot be read. */
    public long offset() {
        return offset;
    }
}
