package io.stepstream.integrations.items;

import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.S3Settings;
import io.stepstream.integrations.settings.ProcessSettings;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The item workers in a process of their own; its settings are those of docs/distributed-map.md, given as {@link ProcessSettings} says. */
public final class ItemProcess {

    private final ProcessSettings given;

    ItemProcess(Properties properties, Map<String, String> environment) {
        this.given = new ProcessSettings(properties, environment);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            ItemSettings settings = new ItemProcess(System.getProperties(), System.getenv()).settings();
            ItemWorkers workers = ItemWorkers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(workers::close, "stop"));
            System.out.println("ready " + settings.buckets());
            workers.join();
        } catch (IllegalArgumentException | IllegalStateException | RegistryUnavailable e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    ItemSettings settings() {
        return new ItemSettings(
                given.required("bootstrap.servers", "host:port, several separated by commas"),
                given.requiredUri("registry", "the base address of the schema registry"),
                new BucketSettings(directories(), s3()),
                given.number("items.inflated.bytes", ItemSettings.INFLATED_BYTES, "bytes"),
                given.kafka());
    }

    private Map<String, Path> directories() {
        Map<String, Path> directories = new LinkedHashMap<>();
        given.pairs("items.directories", "orders=/data/orders")
                .forEach((bucket, directory) -> directories.put(bucket, Path.of(directory)));
        return directories;
    }

    private Optional<S3Settings> s3() {
        Set<String> buckets = given.list("items.s3.buckets");
        if (buckets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new S3Settings(
                given.uri("items.s3.endpoint"),
                given.value("items.s3.region").orElse("us-east-1"),
                buckets,
                given.value("items.s3.access.key")
                        .map(key -> new S3Settings.Credentials(
                                key, given.required("items.s3.secret.key", "the secret of items.s3.access.key")))));
    }
}
