package io.stepstream.integrations.settings;

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
 * The settings of a process. Each is a system property such as {@code stepstream.registry}, or else an environment variable such as
 * {@code STEPSTREAM_REGISTRY}, or else a line in a properties file; what begins with {@code stepstream.kafka.} is passed to Kafka.
 */
public final class ProcessSettings {

    private static final String PREFIX = "stepstream.";
    private static final String KAFKA = PREFIX + "kafka.";

    private final Properties properties;
    private final Map<String, String> environment;
    private final Properties file;

    /**
     * @param fileKey the setting that names the properties file, without the prefix, such as {@code items.settings}
     * @throws IllegalArgumentException if there is such a file and it cannot be read
     */
    public ProcessSettings(Properties properties, Map<String, String> environment, String fileKey) {
        this.properties = properties;
        this.environment = environment;
        this.file = new Properties();
        value(fileKey).ifPresent(name -> load(fileKey, name));
    }

    /** The setting, if it is given. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(properties.getProperty(PREFIX + key))
                .or(() -> Optional.ofNullable(environment.get(variable(key))))
                .or(() -> Optional.ofNullable(file.getProperty(PREFIX + key)));
    }

    /** @param form what it must be, for the message if it is missing */
    public String required(String key, String form) {
        return value(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        PREFIX + key + " (or " + variable(key) + ") is missing: give " + form));
    }

    public Optional<URI> uri(String key) {
        return value(key).map(text -> uri(key, text));
    }

    /** As {@link #required}, an address with scheme and host. */
    public URI requiredUri(String key, String form) {
        return uri(key, required(key, form));
    }

    public long number(String key, long absent, String unit) {
        String text = value(key).orElse(Long.toString(absent));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PREFIX + key + " must be a number of " + unit + ", not " + text, e);
        }
    }

    /** Several values, separated by commas. */
    public Set<String> list(String key) {
        return Arrays.stream(value(key).orElse("").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Several pairs like {@code a=b}, separated by commas.
     *
     * @param example for the message if one is not like that
     */
    public Map<String, String> pairs(String key, String example) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : list(key)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                throw new IllegalArgumentException(PREFIX + key + " has \"" + pair + "\"; it must be like " + example
                        + ", several separated by commas");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    /** What is passed to every Kafka client. */
    public Map<String, String> kafka() {
        Map<String, String> kafka = new HashMap<>();
        for (Properties source : new Properties[] {file, properties}) {
            source.stringPropertyNames().stream()
                    .filter(name -> name.startsWith(KAFKA))
                    .forEach(name -> kafka.put(name.substring(KAFKA.length()), source.getProperty(name)));
        }
        return kafka;
    }

    /** An address of a setting. */
    public static URI uri(String key, String text) {
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

    private static String variable(String key) {
        return (PREFIX + key).toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private void load(String fileKey, String name) {
        try (Reader reader = Files.newBufferedReader(Path.of(name))) {
            file.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    PREFIX + fileKey + " names " + name + ", which cannot be read (" + e
                            + "); it must be a properties file in UTF-8",
                    e);
        }
    }
}
