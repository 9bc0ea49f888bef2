package io.stepstream.integrations.http;

import java.net.URI;
import java.util.Map;

/**
 * What the HTTP worker must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param allowed what tasks may call, at public addresses only
 * @param allowedPrivate what they may call wherever it is
 * @param connections what {@code Authentication.ConnectionArn} names, by the connection's name
 * @param kafka settings for every Kafka client, such as those of security
 */
public record HttpSettings(
        String bootstrapServers,
        URI registry,
        AllowedEndpoints allowed,
        AllowedEndpoints allowedPrivate,
        Map<String, Connection> connections,
        Map<String, String> kafka) {

    /** A header with a secret, for some endpoints only: a workflow cannot have it sent elsewhere. */
    public record Connection(String header, String value, AllowedEndpoints endpoints) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Connection[" + header + "]";
        }
    }

    public HttpSettings {
        connections = Map.copyOf(connections);
        kafka = Map.copyOf(kafka);
    }
}
