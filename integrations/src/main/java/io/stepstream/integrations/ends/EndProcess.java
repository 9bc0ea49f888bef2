package io.stepstream.integrations.ends;

import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;

/** The forwarder of ends in a process of its own; its settings are those of docs/triggers.md, given as {@link ProcessSettings} says. */
public final class EndProcess {

    private EndProcess() {}

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var given = new ProcessSettings(System.getProperties(), System.getenv());
            var forwarder = EndForwarder.start(new EndSettings(
                    given.required("bootstrap.servers", "host:port, several separated by commas"),
                    given.requiredUri("registry", "the base address of the schema registry"),
                    given.kafka()));
            Runtime.getRuntime().addShutdownHook(new Thread(forwarder::close, "stop"));
            System.out.println("ready");
            forwarder.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
