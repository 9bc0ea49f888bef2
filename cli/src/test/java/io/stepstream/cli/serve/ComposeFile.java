package io.stepstream.cli.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        return of(service).get("command") instanceof List<?> command
                ? command.stream().map(word -> filledIn(word.toString())).toList()
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
                        found.group().equals("$$")
                                ? "$"
                                : variables.getProperty(found.group("name"), found.group("default"))));
    }
}
