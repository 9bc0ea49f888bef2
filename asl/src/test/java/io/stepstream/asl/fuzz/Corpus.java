package io.stepstream.asl.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The definitions and inputs that mutants are made of: our own machines always, the recorded ones if they are there. */
final class Corpus {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Larger ones only take longer. */
    private static final int MAX_TEXT = 20_000;

    private Corpus() {}

    /** A definition with an input for it. */
    record Example(JsonNode definition, JsonNode input) {}

    static List<Example> all() {
        var examples = new ArrayList<Example>();
        for (var folder : List.of("src/test/resources/fuzz", "src/test/resources/scenarios", "../examples")) {
            files(Path.of(folder), ".asl.json").forEach(file -> examples.add(own(file)));
        }
        var recorded = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"));
        for (var folder : List.of("cases", "validation")) {
            files(recorded.resolve(folder), ".jsonl")
                    .flatMap(Corpus::lines)
                    .forEach(line -> recorded(line).ifPresent(examples::add));
        }
        return examples;
    }

    private static Example own(Path file) {
        var input = file.resolveSibling(file.getFileName().toString().replace(".asl.json", ".input.json"));
        return new Example(read(file), Files.exists(input) ? read(input) : JsonNodeFactory.instance.objectNode());
    }

    private static Optional<Example> recorded(String line) {
        var recorded = tree(line);
        var definition = recorded.path("definition");
        var input = recorded.has("input") ? recorded.get("input") : JsonNodeFactory.instance.objectNode();
        return definition.isObject() && line.length() < MAX_TEXT
                ? Optional.of(new Example(definition, input))
                : Optional.empty();
    }

    private static Stream<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (var found = Files.walk(folder)) {
            return found.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return tree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
