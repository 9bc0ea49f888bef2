package io.stepstream.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How a topic is laid out.
 *
 * @param spread how many partitions it has
 * @param configs its configs, on top of the broker's defaults
 */
record TopicSettings(Spread spread, Map<String, String> configs) {

    enum Spread {
        /** As many as the engine has: record and execution of a key are in the same partition number everywhere. */
        ENGINE,
        /** One: few records, whose order as a whole matters more. */
        SINGLE,
        /** Its own number, chosen when the task is registered. */
        OWN
    }

    private static final long MINUTE = 60_000L;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final int MIB = 1024 * 1024;

    /**
     * Compaction never touches the segment being written, and else waits until half of the log is stale: here a segment is closed within
     * the hour, and what a tombstone deletes is cleaned within another, however small a part of the log it is.
     */
    static final Map<String, String> PROMPT_COMPACTION = Map.of(
            TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(60 * MINUTE),
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, String.valueOf(60 * MINUTE),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.01");

    /** An input of the engine: the append time decides what came before a deadline, and no client can forge it. */
    static TopicSettings input() {
        return deleted(Spread.ENGINE, inputRetentionMs())
                .with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }

    /** How long a record waits for the engine, in milliseconds. */
    static long inputRetentionMs() {
        return 7 * DAY;
    }

    /** Requests of one task: append time as an input's, so that their age, and when to send again, is by the brokers' clock. */
    static TopicSettings taskRequests() {
        return new TopicSettings(Spread.OWN, input().configs);
    }

    /** The audit's record, from which everything can be run again: kept until its owner says otherwise. */
    static TopicSettings history() {
        return deleted(Spread.ENGINE, -1);
    }

    /** The last status of each execution; small segments, since compaction never touches the one being written. */
    static TopicSettings executions() {
        return compacted(Spread.ENGINE, 64 * MIB);
    }

    /** Every instance reads all of it at start, in its order. */
    static TopicSettings definitions() {
        return compacted(Spread.SINGLE, 16 * MIB);
    }

    /** Nobody waits for a verdict longer than a call lasts; segments small and short, since only closed ones are deleted. */
    static TopicSettings verdicts() {
        return deleted(Spread.ENGINE, 10 * MINUTE)
                .with(TopicConfig.SEGMENT_BYTES_CONFIG, 16 * MIB)
                .with(TopicConfig.SEGMENT_MS_CONFIG, 5 * MINUTE);
    }

    /** Kept long enough for somebody to look; larger records, since a dead letter holds another record whole. */
    static TopicSettings deadLetters() {
        return deleted(Spread.SINGLE, 90 * DAY).with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Topics.MAX_REQUEST_BYTES);
    }

    /** Data keys: what is deleted here must be gone soon. */
    static TopicSettings keys() {
        TopicSettings keys = compacted(Spread.ENGINE, 16 * MIB);
        for (Map.Entry<String, String> config : PROMPT_COMPACTION.entrySet()) {
            keys = keys.with(config.getKey(), config.getValue());
        }
        return keys;
    }

    /** One record in all, rewritten when the read side is rebuilt. */
    static TopicSettings views() {
        return compacted(Spread.SINGLE, MIB);
    }

    /** As long as the history that they vouch for; few, and their order counts. */
    static TopicSettings auditCheckpoints() {
        return deleted(Spread.SINGLE, -1);
    }

    private static TopicSettings deleted(Spread spread, long retentionMs) {
        return new TopicSettings(spread, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE))
                .with(TopicConfig.RETENTION_MS_CONFIG, retentionMs)
                // Size must never delete what time would keep.
                .with(TopicConfig.RETENTION_BYTES_CONFIG, -1)
                .with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
    }

    private static TopicSettings compacted(Spread spread, long segmentBytes) {
        return new TopicSettings(spread, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))
                .with(TopicConfig.SEGMENT_BYTES_CONFIG, segmentBytes)
                .with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
    }

    /** These settings with one more config. */
    TopicSettings with(String config, Object value) {
        Map<String, String> more = new HashMap<>(configs);
        more.put(config, value.toString());
        return new TopicSettings(spread, Map.copyOf(more));
    }
}
