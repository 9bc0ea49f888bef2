package io.stepstream.cli.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** The compose file as compose reads it: merge keys applied, variables filled in. */
final class ComposeFile {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$|\\$\\{(?<name>\\w+):-(?<default>[^}]*)}");

    private final Map<String, Map<String, Object>> services;
    private final Properties variables = new Properties();

    /** @param variables the file of {@code --env-file} */
    @SuppressWarnings("unchecked")
    ComposeFile(Path file, Path variables) throws IOException {
        try (var reader = Files.newBufferedReader(variables)) {
            this.variables.load(reader);
        }
        Map<String, Object> root = new Yaml().load(Files.readString(file));
        services = (Map<String, Map<String, Object>>) Objects.requireNonNull(root.get("services"));
    }

    /** The environment that a service's own file gives it, without those of {@code env_file}. */
    Map<String, String> environment(String service) {
        var environment = new LinkedHashMap<String, String>();
        if (of(service).get("environment") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> environment.put(name.toString(), filledIn(value.toString())));
        }
        return environment;
    }

    List<String> command(String service) {
        return list(service, "command");
    }

    /** A field of a service that is a list of texts; empty if it has none. */
    List<String> list(String service, String field) {
        return texts(of(service).get(field));
    }

    /** Whether a field of a service is there and is not {@code false}. */
    boolean has(String service, String field) {
        var value = of(service).get(field);
        return value != null && !value.equals(false);
    }

    /** What compose asks a service to know whether it is healthy; empty if it does not ask. */
    Optional<Health> health(String service) {
        return of(service).get("healthcheck") instanceof Map<?, ?> check
                ? Optional.of(new Health(
                        texts(check.get("test")),
                        seconds(check.get("interval")),
                        seconds(check.get("timeout")),
                        Integer.parseInt(String.valueOf(check.get("retries")))))
                : Optional.empty();
    }

    /** A health check. */
    record Health(List<String> test, Duration interval, Duration timeout, int retries) {}

    private static Duration seconds(@Nullable Object text) {
        return Duration.parse("PT" + text);
    }

    private List<String> texts(@Nullable Object field) {
        return field instanceof List<?> list
                ? list.stream().map(item -> filledIn(item.toString())).toList()
                : List.of();
    }

    String image(String service) {
        return filledIn(String.valueOf(of(service).get("image")));
    }

    private Map<String, Object> of(String service) {
        return Objects.requireNonNull(
                services.get(service), () -> "no service " + service + " among " + services.keySet());
    }

    private String filledIn(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group().equals("$$") ? "$" : variable(found.group("name"), found.group("default"))));
    }

    /** The environment goes before the file of variables: KAFKA_IMAGE names another image here, too. */
    private String variable(String name, String otherwise) {
        var own = System.getenv(name);
        return own == null ? variables.getProperty(name, otherwise) : own;
    }
}
