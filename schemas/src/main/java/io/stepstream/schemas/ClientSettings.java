package io.stepstream.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** What every Kafka client of ours is set to, whatever it is for. */
public final class ClientSettings {

    /**
     * How long a broker may take to accept a connection, by default 10 s and then 30 s. A broker whose host has gone with it neither accepts nor refuses, and a
     * producer does nothing else while it tries: not even ask another broker who coordinates its transactions now (ADR 0061).
     */
    private static final Duration CONNECTING = Duration.ofSeconds(1);

    /** The same, of a broker that has not accepted several times. */
    private static final Duration CONNECTING_AGAIN = Duration.ofSeconds(2);

    private ClientSettings() {}

    /**
     * A map of its own of them.
     *
     * @param overrides by Kafka's names, such as those of security; they win over ours, but for where the brokers are
     */
    public static Map<String, Object> of(String bootstrapServers, Map<String, ?> overrides) {
        var settings = new HashMap<String, Object>();
        settings.put(
                CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, Long.toString(CONNECTING.toMillis()));
        settings.put(
                CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG,
                Long.toString(CONNECTING_AGAIN.toMillis()));
        settings.putAll(overrides);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }
}
