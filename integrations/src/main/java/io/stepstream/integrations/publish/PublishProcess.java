package io.stepstream.integrations.publish;

import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.util.Map;
import java.util.Properties;

/** The publisher in a process of its own; its settings are those of docs/integrations.md, given as {@link ProcessSettings} says. */
public final class PublishProcess {

    private final ProcessSettings given;

    PublishProcess(Properties properties, Map<String, String> environment) {
        this.given = new ProcessSettings(properties, environment);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var settings = new PublishProcess(System.getProperties(), System.getenv()).settings();
            var workers = PublishWorkers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(workers::close, "stop"));
            System.out.println("ready " + settings.topics());
            workers.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    PublishSettings settings() {
        return settings(given);
    }

    /**
     * The settings as given.
     *
     * @throws IllegalArgumentException if one is missing or not acceptable
     */
    public static PublishSettings settings(ProcessSettings given) {
        return new PublishSettings(
                given.required("bootstrap.servers", "host:port, several separated by commas"),
                given.requiredUri("registry", "the base address of the schema registry"),
                given.pairs("publish.topics", "orders-queue=shop.orders"),
                given.kafka());
    }
}
