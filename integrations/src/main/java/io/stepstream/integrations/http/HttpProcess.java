package io.stepstream.integrations.http;

import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The HTTP worker in a process of its own; its settings are those of docs/integrations.md, given as {@link ProcessSettings} says. */
public final class HttpProcess {

    private final ProcessSettings given;

    HttpProcess(Properties properties, Map<String, String> environment) {
        this.given = new ProcessSettings(properties, environment);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var settings = new HttpProcess(System.getProperties(), System.getenv()).settings();
            var workers = HttpWorkers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(workers::close, "stop"));
            System.out.println("ready " + settings.connections().keySet());
            workers.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    HttpSettings settings() {
        if (given.list("http.allow").isEmpty()
                && given.list("http.allow.private").isEmpty()) {
            throw new IllegalArgumentException("nothing may be called: give stepstream.http.allow, such as"
                    + " https://api.example.org,https://*.example.org:8443/v1");
        }
        return settings(given);
    }

    /**
     * The settings as given; if they allow nothing, each task is refused and told so.
     *
     * @throws IllegalArgumentException if one is missing or not acceptable
     */
    public static HttpSettings settings(ProcessSettings given) {
        var allowed = given.list("http.allow");
        var allowedPrivate = given.list("http.allow.private");
        return new HttpSettings(
                given.required("bootstrap.servers", "host:port, several separated by commas"),
                given.requiredUri("registry", "the base address of the schema registry"),
                AllowedEndpoints.of("stepstream.http.allow", allowed),
                AllowedEndpoints.of("stepstream.http.allow.private", allowedPrivate),
                connections(given),
                given.kafka());
    }

    private static Map<String, HttpSettings.Connection> connections(ProcessSettings given) {
        Map<String, HttpSettings.Connection> connections = new LinkedHashMap<>();
        for (String name : given.list("http.connections")) {
            var key = "http.connection." + name;
            var endpoints = given.list(key + ".for");
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException(
                        "stepstream." + key + ".for is missing: give the addresses that its secret may be sent to");
            }
            connections.put(
                    name,
                    new HttpSettings.Connection(
                            given.value(key + ".header").orElse("Authorization"),
                            given.required(key + ".value", "the header's value, such as Bearer ..."),
                            AllowedEndpoints.of("stepstream." + key + ".for", Set.copyOf(endpoints))));
        }
        return connections;
    }
}
