package io.stepstream.integrations.publish;

import java.net.URI;
import java.util.Map;

/**
 * What the publisher must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param topics the topic that is meant by the name of a queue, topic or event bus
 * @param kafka settings for every Kafka client, such as those of security
 */
public record PublishSettings(
        String bootstrapServers, URI registry, Map<String, String> topics, Map<String, String> kafka) {

    private static final String OURS = "stepstream.";

    public PublishSettings {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing is published: give stepstream.publish.topics, such as orders-queue=shop.orders");
        }
        topics.forEach((name, topic) -> {
            if (topic.startsWith(OURS)) {
                throw new IllegalArgumentException("stepstream.publish.topics maps " + name + " to " + topic
                        + "; topics that begin with " + OURS + " are the engine's: map it to another one");
            }
        });
        topics = Map.copyOf(topics);
        kafka = Map.copyOf(kafka);
    }
}
