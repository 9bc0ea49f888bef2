package io.stepstream.integrations.notify;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the notifier must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param gateway base address of the gateway as people reach it: links begin with it
 * @param smtp the mail server; empty if no mails are to be sent
 * @param templates folder of templates, which are looked for before those built in
 * @param endpoints webhooks by name
 * @param kafka settings for every Kafka client, such as those of security
 */
public record NotifySettings(
        String bootstrapServers,
        URI registry,
        URI gateway,
        Optional<SmtpSettings> smtp,
        Optional<Path> templates,
        Map<String, Endpoint> endpoints,
        Map<String, String> kafka) {

    private static final int SECRET_CHARACTERS = 16;

    /** A webhook. */
    public record Endpoint(String name, URI uri, String secret) {

        public Endpoint {
            if (secret.length() < SECRET_CHARACTERS) {
                throw new IllegalArgumentException(
                        "the secret of webhook '%s' has less than %d characters".formatted(name, SECRET_CHARACTERS));
            }
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return name + "=" + uri;
        }
    }

    public NotifySettings {
        if (smtp.isEmpty() && endpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "the notifier has nothing to notify by: give notify.smtp.host, or notify.webhooks");
        }
        endpoints = Map.copyOf(endpoints);
        kafka = Map.copyOf(kafka);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "NotifySettings[%s, %s, %s, %s]"
                .formatted(
                        bootstrapServers, gateway, smtp.map(SmtpSettings::host).orElse("no mail"), endpoints.values());
    }
}
