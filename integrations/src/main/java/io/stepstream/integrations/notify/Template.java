package io.stepstream.integrations.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mail says: three texts in which {@code {{/a/b}}} stands for the value at that JSON pointer, or for nothing. In HTML the value is
 * escaped.
 */
record Template(String subject, String text, String html) {

    private static final Pattern FIELD = Pattern.compile("\\{\\{(/[^{}]*)}}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

    /**
     * The template of a name: {@code <name>.subject}, {@code <name>.txt} and {@code <name>.html} in the folder, or the one that is built in.
     * Empty if there is none.
     */
    static Optional<Template> named(String name, Optional<Path> folder) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return part(name + ".subject", folder)
                .flatMap(subject -> part(name + ".txt", folder)
                        .flatMap(text ->
                                part(name + ".html", folder).map(html -> new Template(subject.strip(), text, html))));
    }

    private static Optional<String> part(String file, Optional<Path> folder) {
        try {
            if (folder.isPresent() && Files.exists(folder.get().resolve(file))) {
                return Optional.of(Files.readString(folder.get().resolve(file)));
            }
            try (InputStream in = Template.class.getResourceAsStream(file)) {
                return in == null
                        ? Optional.empty()
                        : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("template " + file + " cannot be read", e);
        }
    }

    Letter letter(String to, JsonNode values) {
        return new Letter(
                to,
                filled(subject, values, UnaryOperator.identity()),
                filled(text, values, UnaryOperator.identity()),
                filled(html, values, Template::escaped));
    }

    private static String filled(String template, JsonNode values, UnaryOperator<String> escape) {
        return FIELD.matcher(template)
                .replaceAll(field -> Matcher.quoteReplacement(escape.apply(text(values.at(field.group(1))))));
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "" : value.isTextual() ? value.textValue() : value.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
