package io.stepstream.integrations.notify;

import io.stepstream.integrations.notify.NotifySettings.Endpoint;
import io.stepstream.integrations.notify.SmtpSettings.Encryption;
import io.stepstream.integrations.notify.SmtpSettings.Login;
import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** The notifier in a process of its own; its settings are those of docs/approvals.md, given as {@link ProcessSettings} says. */
public final class NotifyProcess {

    private static final int SUBMISSION = 587;

    private final ProcessSettings given;

    NotifyProcess(Properties properties, Map<String, String> environment) {
        this.given = new ProcessSettings(properties, environment);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var settings = new NotifyProcess(System.getProperties(), System.getenv()).settings();
            var workers = NotifyWorkers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(workers::close, "stop"));
            System.out.println("ready " + settings);
            workers.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    NotifySettings settings() {
        return new NotifySettings(
                given.required("bootstrap.servers", "host:port, several separated by commas"),
                given.requiredUri("registry", "the base address of the schema registry"),
                given.requiredUri("notify.gateway", "the address of the gateway as people reach it"),
                given.value("notify.smtp.host").map(this::smtp),
                given.value("notify.templates").map(Path::of),
                endpoints(),
                given.kafka());
    }

    private SmtpSettings smtp(String host) {
        var encryption =
                given.value("notify.smtp.encryption").orElse("STARTTLS").toUpperCase(Locale.ROOT);
        if (Arrays.stream(Encryption.values()).map(Encryption::name).noneMatch(encryption::equals)) {
            throw new IllegalArgumentException(
                    "stepstream.notify.smtp.encryption must be none, starttls or tls, not " + encryption);
        }
        return new SmtpSettings(
                host,
                (int) given.number("notify.smtp.port", SUBMISSION, "port"),
                Encryption.valueOf(encryption),
                given.required("notify.smtp.from", "the address that mails are from"),
                given.value("notify.smtp.user")
                        .map(user -> new Login(
                                user, given.required("notify.smtp.password", "the password of notify.smtp.user"))));
    }

    private Map<String, Endpoint> endpoints() {
        var endpoints = new LinkedHashMap<String, Endpoint>();
        given.pairs("notify.webhooks", "chat=https://chat.example.org/hook").forEach((name, address) -> {
            var key = "notify.webhook." + name + ".secret";
            endpoints.put(
                    name,
                    new Endpoint(
                            name,
                            ProcessSettings.uri("notify.webhooks", address),
                            given.required(key, "the secret that its bodies are signed with")));
        });
        return endpoints;
    }
}
