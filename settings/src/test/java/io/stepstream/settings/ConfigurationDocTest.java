package io.stepstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page has every key, as the table says it, and no other. */
class ConfigurationDocTest {

    @Test
    void thePageIsTheTable() throws IOException {
        var page = Files.readAllLines(Path.of("..", "docs", "configuration.md"));
        assertThat(page.stream().filter(line -> line.startsWith("| `stepstream.")))
                .containsExactlyElementsOf(Arrays.stream(Key.values())
                        .map(ConfigurationDocTest::row)
                        .toList());
    }

    private static String row(Key key) {
        var readers = key.readers().size() == Program.values().length
                ? "all"
                : key.readers().stream()
                        .sorted()
                        .map(reader -> reader.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return "| `" + key.property() + "` | " + key.accepted() + " | "
                + key.byDefault().map(value -> "`" + value + "`").orElse("") + " | " + key.meaning() + " | " + readers
                + " |";
    }
}
