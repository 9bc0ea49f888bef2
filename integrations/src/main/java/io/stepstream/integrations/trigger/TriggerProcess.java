package io.stepstream.integrations.trigger;

import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** Triggers in a process of their own; its settings are those of docs/triggers.md, given as {@link ProcessSettings} says. */
public final class TriggerProcess {

    private final ProcessSettings given;

    TriggerProcess(Properties properties, Map<String, String> environment) {
        this.given = new ProcessSettings(properties, environment);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var settings = new TriggerProcess(System.getProperties(), System.getenv()).settings();
            var triggers = Triggers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(triggers::close, "stop"));
            System.out.println("ready " + settings);
            triggers.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    TriggerSettings settings() {
        return settings(given);
    }

    /**
     * The settings as given, with the triggers of the file that they name.
     *
     * @throws IllegalArgumentException if one is missing or not acceptable
     */
    public static TriggerSettings settings(ProcessSettings given) {
        var file = given.required("trigger.file", "the file of triggers");
        String triggers;
        try {
            triggers = Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "stepstream.trigger.file names " + file + ", which cannot be read: " + e, e);
        }
        return new TriggerSettings(
                given.required("bootstrap.servers", "host:port, several separated by commas"),
                given.requiredUri("registry", "the base address of the schema registry"),
                given.requiredUri("trigger.gateway", "the base address of the gateway"),
                given.value("trigger.api.key"),
                Trigger.read(triggers),
                given.kafka());
    }
}
