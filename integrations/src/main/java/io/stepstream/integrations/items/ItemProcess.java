package io.stepstream.integrations.items;

import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.S3Settings;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The item workers in a process of their own. Each setting is a system property such as {@code stepstream.items.directories}, or else an
 * environment variable such as {@code STEPSTREAM_ITEMS_DIRECTORIES}, or else a line in the properties file that {@code
 * stepstream.items.settings} names; what begins with {@code stepstream.kafka.} is passed to Kafka.
 */
public final class ItemProcess {

    private static final String PREFIX = "stepstream.";
    private static final String KAFKA = PREFIX + "kafka.";

    private final Properties properties;
    private final Map<String, String> environment;
    private final Properties file;

    ItemProcess(Properties properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
        this.file = new Properties();
        value("items.settings").ifPresent(this::load);
    }

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            ItemSettings settings = new ItemProcess(System.getProperties(), System.getenv()).settings();
            ItemWorkers workers = ItemWorkers.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(workers::close, "stop"));
            System.out.println("ready " + settings.buckets());
            workers.join();
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    ItemSettings settings() {
        return new ItemSettings(
                required("bootstrap.servers", "host:port, several separated by commas"),
                uri("registry", required("registry", "the base address of the schema registry")),
                new BucketSettings(directories(), s3()),
                inflatedBytes(),
                kafka());
    }

    private Map<String, Path> directories() {
        Map<String, Path> directories = new LinkedHashMap<>();
        for (String mapping : list("items.directories")) {
            int equals = mapping.indexOf('=');
            if (equals < 1 || equals == mapping.length() - 1) {
                throw new IllegalArgumentException(PREFIX + "items.directories has \"" + mapping
                        + "\"; it must be like orders=/data/orders, several separated by commas");
            }
            directories.put(mapping.substring(0, equals), Path.of(mapping.substring(equals + 1)));
        }
        return directories;
    }

    private Optional<S3Settings> s3() {
        Set<String> buckets = list("items.s3.buckets");
        if (buckets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new S3Settings(
                value("items.s3.endpoint").map(text -> uri("items.s3.endpoint", text)),
                value("items.s3.region").orElse("us-east-1"),
                buckets,
                value("items.s3.access.key")
                        .map(key -> new S3Settings.Credentials(
                                key, required("items.s3.secret.key", "the secret of items.s3.access.key")))));
    }

    private long inflatedBytes() {
        String text = value("items.inflated.bytes").orElse(Long.toString(ItemSettings.INFLATED_BYTES));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    PREFIX + "items.inflated.bytes must be a number of bytes, not " + text, e);
        }
    }

    private Map<String, String> kafka() {
        Map<String, String> kafka = new HashMap<>();
        for (Properties source : new Properties[] {file, properties}) {
            source.stringPropertyNames().stream()
                    .filter(name -> name.startsWith(KAFKA))
                    .forEach(name -> kafka.put(name.substring(KAFKA.length()), source.getProperty(name)));
        }
        return kafka;
    }

    private Set<String> list(String key) {
        return Arrays.stream(value(key).orElse("").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static URI uri(String key, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getScheme() != null && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress(key, text, e);
        }
        throw notAnAddress(key, text, new IllegalArgumentException("no scheme or host"));
    }

    private static IllegalArgumentException notAnAddress(String key, String text, Exception e) {
        return new IllegalArgumentException(PREFIX + key + " must be an address like http://host:9000, not " + text, e);
    }

    private String required(String key, String form) {
        return value(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        PREFIX + key + " (or " + variable(key) + ") is missing: give " + form));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(properties.getProperty(PREFIX + key))
                .or(() -> Optional.ofNullable(environment.get(variable(key))))
                .or(() -> Optional.ofNullable(file.getProperty(PREFIX + key)));
    }

    private static String variable(String key) {
        return (PREFIX + key).toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private void load(String name) {
        try (Reader reader = Files.newBufferedReader(Path.of(name))) {
            file.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    PREFIX + "items.settings names " + name + ", which cannot be read (" + e
                            + "); it must be a properties file in UTF-8",
                    e);
        }
    }
}
