package io.stepstream.asl.execution;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.stepstream.asl.execution.scenario.Scenario;
import io.stepstream.asl.execution.scenario.ScenarioRunner;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The scenarios on the interpreter alone. */
class ScenarioTest {
    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException, URISyntaxException {
        return files().map(Scenario::read)
                .map(scenario -> dynamicTest(
                        scenario.name(), () -> ScenarioRunner.run(scenario, new InterpreterDriver(Limits.DEFAULT))));
    }

    private static Stream<Path> files() throws IOException, URISyntaxException {
        var directory = Objects.requireNonNull(ScenarioTest.class.getResource("/scenarios"));
        try (var listed = Files.list(Path.of(directory.toURI()))) {
            return listed.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
        }
    }
}
