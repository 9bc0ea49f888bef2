package io.stepstream.integrations.trigger;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What triggers must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param gateway base address of the gateway, which starts the executions
 * @param apiKey what the gateway knows this process by; empty where it asks nobody
 * @param triggers one or more
 * @param kafka settings for every Kafka client, such as those of security
 */
public record TriggerSettings(
        String bootstrapServers,
        URI registry,
        URI gateway,
        Optional<String> apiKey,
        List<Trigger> triggers,
        Map<String, String> kafka) {

    public TriggerSettings {
        triggers = List.copyOf(triggers);
        kafka = Map.copyOf(kafka);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "TriggerSettings[%s, %s, %s]"
                .formatted(
                        bootstrapServers,
                        gateway,
                        triggers.stream().map(Trigger::name).toList());
    }
}
