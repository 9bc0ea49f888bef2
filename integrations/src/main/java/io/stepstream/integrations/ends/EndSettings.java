package io.stepstream.integrations.ends;

import java.net.URI;
import java.util.Map;

/**
 * What the forwarder of ends must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param kafka settings for every Kafka client, such as those of security
 */
public record EndSettings(String bootstrapServers, URI registry, Map<String, String> kafka) {

    public EndSettings {
        kafka = Map.copyOf(kafka);
    }
}
