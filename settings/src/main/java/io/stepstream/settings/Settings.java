package io.stepstream.settings;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The settings of a process, every one of them a {@link Key} with an acceptable value. A system property goes before an environment
 * variable, and that before a line of the file that {@link Key#CONFIG} names.
 */
public final class Settings {

    private static final int MOST_PROBLEMS = 20;

    /** By property, without the prefix. */
    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /** The settings of this process. */
    public static Settings ofProcess() {
        return of(System.getProperties(), System.getenv());
    }

    /**
     * Reads and checks everything that is given.
     *
     * @throws IllegalArgumentException if a key is unknown or a value cannot be accepted; the message has a line for each
     */
    public static Settings of(Properties properties, Map<String, String> environment) {
        var values = new TreeMap<String, String>();
        var problems = new ArrayList<String>();
        var file = Optional.ofNullable(properties.getProperty(Key.CONFIG.property()))
                .or(() -> Optional.ofNullable(environment.get(Key.CONFIG.variable())));
        file.ifPresent(name -> take(load(name), values, problems));
        environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(Key.variable(Key.PREFIX)))
                .forEach(variable -> takeVariable(variable.getKey(), variable.getValue(), values, problems));
        take(properties, values, problems);
        Arrays.stream(Key.values())
                .filter(key -> !key.isFamily())
                .forEach(key -> Optional.ofNullable(values.get(key.stem()))
                        .flatMap(value -> problem(key, value))
                        .ifPresent(problems::add));
        if (!problems.isEmpty()) {
            var shown = problems.stream().limit(MOST_PROBLEMS).toList();
            throw new IllegalArgumentException("the settings cannot be used (docs/configuration.md has them all):\n  "
                    + String.join("\n  ", shown));
        }
        return new Settings(values);
    }

    private static Properties load(String name) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(name))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    Key.CONFIG.property() + " names " + name + ", which cannot be read (" + e + "); it must be "
                            + Key.CONFIG.accepted(),
                    e);
        }
        return properties;
    }

    private static void take(Properties properties, Map<String, String> values, List<String> problems) {
        for (var property : properties.stringPropertyNames()) {
            if (property.startsWith(Key.PREFIX) && !isForLogging(property)) {
                var name = property.substring(Key.PREFIX.length());
                if (Arrays.stream(Key.values()).anyMatch(key -> key.names(name))) {
                    values.put(name, properties.getProperty(property));
                } else {
                    problems.add(unknown(property, name));
                }
            }
        }
    }

    /** The command line tells logback's configuration where its file is. */
    private static boolean isForLogging(String property) {
        return property.startsWith(Key.PREFIX + "log.");
    }

    /** Of a variable's name the dots are lost: a single key is found by its own variable, of a family the rest is taken as dotted. */
    private static void takeVariable(String variable, String value, Map<String, String> values, List<String> problems) {
        for (var key : Key.values()) {
            if (!key.isFamily() && key.variable().equals(variable)) {
                values.put(key.stem(), value);
                return;
            }
        }
        var name =
                variable.substring(Key.PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
        if (Arrays.stream(Key.values()).anyMatch(key -> key.isFamily() && key.names(name))) {
            values.put(name, value);
        } else {
            problems.add(unknown(variable, name));
        }
    }

    private static String unknown(String given, String name) {
        var likeliest = Arrays.stream(Key.values())
                .min(Comparator.comparingInt(key -> distance(name, key.stem())))
                .orElseThrow();
        return given + " is no setting; " + likeliest.property() + " (" + likeliest.accepted() + ") is the nearest";
    }

    /** Levenshtein's. */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    private static Optional<String> problem(Key key, String value) {
        var wrong = switch (key.form()) {
            case TEXT -> value.isBlank();
            case PORT -> !isWithin(value, 0, 65_535);
            case COUNT -> !isWithin(value, 1, Short.MAX_VALUE);
            case ADDRESS -> !isAddress(value);
            case TASK_NAMES -> !value.equals("register") && !value.equals("refuse");
        };
        return wrong
                ? Optional.of(key.property() + " must be " + key.accepted() + ", not \"" + value + "\"")
                : Optional.empty();
    }

    private static boolean isWithin(String value, int least, int most) {
        try {
            var number = Integer.parseInt(value);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isAddress(String value) {
        try {
            var uri = URI.create(value);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The value, or else the default, if there is one. */
    public Optional<String> text(Key key) {
        return Optional.ofNullable(values.get(key.stem())).or(key::byDefault);
    }

    /** The value of a name, without the prefix, of a family or not; no default counts. */
    public Optional<String> named(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** @throws IllegalArgumentException if it is not given and has no default; the message says what to give */
    public String required(Key key) {
        return text(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        key.property() + " (or " + key.variable() + ") is missing: give " + key.accepted()));
    }

    /** A port, or a count. */
    public int number(Key key) {
        return Integer.parseInt(required(key));
    }

    public Optional<Path> path(Key key) {
        return text(key).map(Path::of);
    }

    public URI address(Key key) {
        return URI.create(required(key));
    }

    /** Several values, separated by commas. */
    public List<String> list(Key key) {
        return text(key).stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /**
     * Several addresses, separated by commas.
     *
     * @throws IllegalArgumentException if one is none, or there is none
     */
    public List<URI> addresses(Key key) {
        required(key);
        return list(key).stream()
                .map(text -> {
                    if (!isAddress(text)) {
                        throw new IllegalArgumentException(
                                key.property() + " must be " + key.accepted() + ", not \"" + text + "\"");
                    }
                    return URI.create(text);
                })
                .toList();
    }

    /** What is given under a family of keys, by the names behind its stem. */
    public Map<String, String> family(Key key) {
        var family = new TreeMap<String, String>();
        values.forEach((name, value) -> {
            if (name.startsWith(key.stem())) {
                family.put(name.substring(key.stem().length()), value);
            }
        });
        return family;
    }
}
