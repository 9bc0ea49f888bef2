package io.stepstream.integrations.settings;

import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of a process of built-in workers, out of the one configuration ({@code docs/configuration.md}). */
public final class ProcessSettings {

    private static final String PREFIX = "stepstream.";

    private final Settings settings;

    /** @throws IllegalArgumentException if a setting is unknown or not acceptable */
    public ProcessSettings(Properties properties, Map<String, String> environment) {
        this.settings = Settings.of(properties, environment);
    }

    /** The setting, if it is given. */
    public Optional<String> value(String key) {
        return settings.named(key);
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
        return settings.family(Key.KAFKA);
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
}
