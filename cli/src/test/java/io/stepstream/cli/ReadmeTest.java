package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README.md shows of the commands that start no server is what they print. */
class ReadmeTest {
    private static final Pattern SHOWN = Pattern.compile(
            "^```console\\n\\$ \\./stepstream (?<args>[^\\n]*)\\n(?<output>.*?)^```$",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ARGUMENT = Pattern.compile("'(?<quoted>[^']*)'|(?<plain>\\S+)");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    record Shown(String args, String output) {}

    @ParameterizedTest
    @MethodSource("shown")
    void printsWhatIsShown(Shown shown) {
        assertThat(Said.by(arguments(shown.args()))
                        .out()
                        .replace(ROOT + "/", "")
                        .strip())
                .isEqualTo(shown.output().strip());
    }

    @Test
    void showsBothCommands() throws IOException {
        assertThat(shown()).extracting(shown -> shown.args().split(" ")[0]).contains("validate", "run");
    }

    static List<Shown> shown() throws IOException {
        return SHOWN.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(block -> new Shown(block.group("args"), block.group("output")))
                .toList();
    }

    /** As a shell takes the line apart in the project's folder. */
    private static String[] arguments(String line) {
        var arguments = new ArrayList<String>();
        ARGUMENT.matcher(line).results().forEach(found -> {
            var quoted = found.group("quoted");
            arguments.add(quoted != null ? quoted : found.group("plain"));
        });
        return arguments.stream()
                .flatMap(argument -> Stream.of(
                        argument.startsWith("examples/")
                                ? ROOT.resolve(argument).toString()
                                : argument))
                .toArray(String[]::new);
    }
}
