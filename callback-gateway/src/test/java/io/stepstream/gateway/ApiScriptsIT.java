package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The recorded API scripts over the wire, against a real engine on a real broker: those that need nothing but this. */
class ApiScriptsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The account of the recordings: some of them name it. */
    private static final Arns RECORDED = new Arns("aws", "us-east-1", "111111111111");

    /** What is not as recorded, and why. */
    private static final Set<String> NOT_HONOURED = Set.of(
            // Quotes 3,097 characters of a token in an error; ours tells how many there are.
            "test_sfn_api.py::TestSnfApi::test_list_executions_pagination",
            "test_sfn_api.py::TestSnfApi::test_list_executions_versions_pagination");

    @TestFactory
    @Tag("quick")
    Stream<DynamicTest> scripts() throws Exception {
        var folder = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"), "cases");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "There are no recordings in " + folder);
        var stack = new Stack(RECORDED);
        var tests = scripts(folder).stream()
                .map(script -> DynamicTest.dynamicTest(script.path("id").asText(), () -> {
                    var differences = new ApiScript(script, stack.api).play();
                    if (NOT_HONOURED.contains(script.path("id").asText())) {
                        assertThat(differences).as("it is as recorded now").isNotEmpty();
                    } else {
                        assertThat(differences).isEmpty();
                    }
                }));
        return tests.onClose(stack::close);
    }

    private static List<JsonNode> scripts(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("api__"))
                    .sorted()
                    .flatMap(ApiScriptsIT::lines)
                    .filter(script -> script.path("needs").toString().equals("[\"none\"]"))
                    .filter(script -> !script.hasNonNull("driver")
                            || script.path("driver").isEmpty())
                    .toList();
        }
    }

    private static Stream<JsonNode> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> {
                try {
                    return JSON.readTree(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(file.toString(), e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
