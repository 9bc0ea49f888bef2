package io.stepstream.load.profile;

import java.util.List;

/**
 * What was appended to a topic while steps were made.
 *
 * @param topic its name; of a store, its changelog's
 * @param records with the deletions among them
 * @param deletions records without a value
 * @param markers of transactions' ends, by partition on the average
 * @param keyBytes of all keys
 * @param valueBytes of all values
 * @param samples values of about the mean size; of the topic of statuses, one of a beginning and one of an end
 */
public record Flow(
        String topic,
        long records,
        long deletions,
        double markers,
        long keyBytes,
        long valueBytes,
        List<byte[]> samples) {

    public Flow {
        samples = List.copyOf(samples);
    }

    /** Bytes of keys and values. */
    public long bytes() {
        return keyBytes + valueBytes;
    }

    /** Mean size of those values that there are. */
    public int meanValueBytes() {
        return (int) Math.round((double) valueBytes / (records - deletions));
    }
}
