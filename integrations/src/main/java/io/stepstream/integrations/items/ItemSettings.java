package io.stepstream.integrations.items;

import io.stepstream.integrations.items.store.BucketSettings;
import java.net.URI;
import java.util.Map;

/**
 * What the item workers must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param buckets what may be read and written
 * @param inflatedBytes at most so many bytes of temporary files for what gzip files inflate to
 * @param kafka settings for every Kafka client, such as those of security
 */
public record ItemSettings(
        String bootstrapServers, URI registry, BucketSettings buckets, long inflatedBytes, Map<String, String> kafka) {

    /** Room for temporary files unless it is set: 4 GiB. */
    public static final long INFLATED_BYTES = 4L << 30;

    public ItemSettings {
        if (inflatedBytes < 1) {
            throw new IllegalArgumentException("inflatedBytes is " + inflatedBytes + "; it must be 1 or more");
        }
        kafka = Map.copyOf(kafka);
    }

    /** With all that has a default. */
    public static ItemSettings of(String bootstrapServers, URI registry, BucketSettings buckets) {
        return new ItemSettings(bootstrapServers, registry, buckets, INFLATED_BYTES, Map.of());
    }

    /** Without Kafka's settings, in which there may be secrets. */
    @Override
    public String toString() {
        return "ItemSettings[%s, %s, %s]".formatted(bootstrapServers, registry, buckets);
    }
}
