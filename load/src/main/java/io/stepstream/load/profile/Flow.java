package io.stepstream.load.profile;

import java.util.List;

/**
 * What was appended to a topic while steps were made.
 *
 * @param topic its name; of a store, its changelog's
 * @param records with the deletions among them
 * @param deletions records without a value
 * @param bytes of keys and values
 * @param samples values of about the mean size; of the topic of statuses, one of a beginning and one of an end
 */
public record Flow(String topic, long records, long deletions, long bytes, List<byte[]> samples) {

    public Flow {
        samples = List.copyOf(samples);
    }
}
